using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Text;

namespace Ornstein.Cli.Tests.Text;

public class MachineLimitsTests
{
    [Theory]
    [InlineData(64L, "too few open files: a process may have 64 here, and needs 256; raise the limit, such as by 'ulimit -n 1024'")]
    [InlineData(256L, null)]
    [InlineData(null, null)] // unlimited, or not known
    public void TooFewFiles_Limit_IsRefusedWhereTheProgramNeedsMore(long? limit, string? line) => Assert.Equal(line, MachineLimits.TooFewFiles(limit));

    [Fact]
    public void Explain_TooManyOpenFiles_SaysWhatRaisesTheLimit()
    {
        const string Expected = "too many open files: raise the limit, such as by 'ulimit -n 1024'";
        Assert.Equal((Expected, ExitCodes.Failure), Application.Explain(new IOException("Too many open files", 24)));
        string mine = typeof(Application).Assembly.FullName!;
        var assembly = new FileNotFoundException($"Could not load file or assembly '{mine}'.", mine);
        Assert.Equal(Expected, MachineLimits.Explain(new TypeInitializationException("A", assembly)));
        Assert.Null(MachineLimits.Explain(new FileNotFoundException("there is no such file", "x.dll")));
    }

    [Fact]
    public void UnopenedAssembly_WithLimitedAddressSpace_IsALackOfMemory() =>
        Assert.Equal("not enough memory: a library does not load; raise it", MachineLimits.UnopenedAssembly("; raise it"));

    [Fact]
    public void Explain_OutOfMemory_IsNoDefect()
    {
        var failure = Assert.Throws<OutOfMemoryException>(() => new byte[Array.MaxLength + 1L]);
        Assert.Equal($"not enough memory: {failure.Message.TrimEnd('.')}", Application.Explain(new AggregateException(failure)).Message);
        Assert.StartsWith(
            "not enough memory: [enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes",
            Application.Explain(new InvalidOperationException(
                "[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.\nframe #0")).Message);
        Assert.StartsWith("not enough memory: invalid SKImageInfo", MachineLimits.Explain(new InvalidOperationException("invalid SKImageInfo")), StringComparison.Ordinal);
        Assert.StartsWith("not enough memory: <Error computing Error::what()>", MachineLimits.Explain(new InvalidOperationException("<Error computing Error::what()>")), StringComparison.Ordinal);
        Assert.Null(MachineLimits.Explain(new IOException("cannot read")));
    }

    /// <summary>A campaign of kills met a null reference where libraries had no memory left to say so.</summary>
    [Fact]
    public void ExplainWithoutSpace_AnyFailureOfAProcessThatUsedAllOfIt_IsALackOfMemory()
    {
        const long limit = 1_000_000_000, space = 16 << 20;
        var failure = new InvalidOperationException("it is not there.");
        Assert.Equal(
            "not enough memory: InvalidOperationException: it is not there; a process may have 1000 MB of address space here: raise that, such as by 'ulimit -v unlimited'",
            MachineLimits.ExplainWithoutSpace(failure, limit, limit - space + 1));
        Assert.Null(MachineLimits.ExplainWithoutSpace(failure, limit, limit - space));
        Assert.Null(MachineLimits.ExplainWithoutSpace(failure, null, limit));
        Assert.Null(MachineLimits.ExplainWithoutSpace(failure, limit, null));
        Assert.Null(MachineLimits.ExplainWithoutSpace(failure)); // here there is enough
    }

    /// <summary>Skia makes no surface and says nothing of it: a campaign of kills met that as a defect.</summary>
    [Fact]
    public void Figure_WithoutMemory_SaysHowLargeItIs()
    {
        const int height = 10_000_000;
        var failure = Assert.Throws<OrnsteinException>(() => FigureStyle.Png(height, _ => { }));
        Assert.Matches($"^not enough memory: a picture of [0-9]+ x {FigureStyle.Density * height} pixels does not fit", failure.Message);
    }
}
