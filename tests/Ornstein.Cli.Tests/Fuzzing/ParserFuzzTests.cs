using Ornstein.Fuzzing;
using Ornstein.Fuzzing.Inputs;

namespace Ornstein.Cli.Tests.Fuzzing;

/// <summary>
/// Every parser on inputs that are mostly damaged: it reads them or refuses them in one line, within a second and in bounded memory. This is the short form, with a seed that
/// stays; <c>bench/Ornstein.Fuzz</c> is the long one (docs/reliability.md).
/// </summary>
public class ParserFuzzTests
{
    private const long Seed = 20_260_701;

    public static TheoryData<string> Parsers => [.. FuzzTargets.All.Select(target => target.Name)];

    public static TheoryData<string> Found => [.. Stored.FoundNames];

    [Theory(Explicit = true)]
    [MemberData(nameof(Parsers))]
    public void Read_ManyInputs_KeepsTheContract(string parser)
    {
        var target = FuzzTargets.Named(parser);
        var tally = new Tally(target);
        var hanging = new Campaign(target, Seed).Run(tally, first: 0, target.InTest);
        Assert.True(hanging is null, $"an input is not read after {Campaign.Hang.TotalSeconds} s: {hanging?.Command}");
        Assert.True(!tally.Faults.Any(), string.Join(Environment.NewLine, tally.Faults.Select(fault => $"{fault.First.What}: {fault.First.Case.Command}")));
        // Else the inputs would say nothing: sound ones among them are read, damaged ones refused.
        Assert.Equal(target.InTest, tally.Inputs);
        Assert.True(tally.Read > 0, "no input was read");
    }

    /// <summary>Inputs that once broke a parser.</summary>
    [Theory]
    [MemberData(nameof(Found))]
    public void Read_InputThatOnceBrokeIt_KeepsTheContract(string name)
    {
        using var folder = new FuzzFolder();
        Assert.Null(Contract.Check(FuzzTargets.Named(name.Split('/')[0]), folder, Stored.Found(name)).Fault);
    }

    [Fact]
    public void Make_SameNumber_GivesTheSameInput()
    {
        foreach (var target in FuzzTargets.All) Assert.Equal(new FuzzCase(target, Seed, 7).Make(), new FuzzCase(target, Seed, 7).Make());
    }

    /// <summary>A parser that throws, takes too much memory, or says more than a line is found out.</summary>
    [Fact]
    public void Check_ParserThatBreaksTheContract_SaysHow()
    {
        using var folder = new FuzzFolder();
        string? FaultOf(Action read) => Contract.Check(new FuzzTarget("x", "x", _ => [], (_, _) => read(), new MemoryBound(1 << 20, 0), 1) { Named = "x" }, folder, []).Fault;
        Assert.Null(FaultOf(() => { }));
        Assert.Null(FaultOf(() => throw new OrnsteinException("x is wrong")));
        Assert.StartsWith("InvalidOperationException", FaultOf(() => throw new InvalidOperationException("boom")), StringComparison.Ordinal);
        Assert.Contains("does not name x", FaultOf(() => throw new OrnsteinException("it is wrong")), StringComparison.Ordinal);
        Assert.Contains("allocated", FaultOf(() => GC.KeepAlive(new byte[1 << 21])), StringComparison.Ordinal);
        Assert.Contains("took", FaultOf(() => Thread.Sleep(Contract.Longest + TimeSpan.FromMilliseconds(50))), StringComparison.Ordinal);
    }
}
