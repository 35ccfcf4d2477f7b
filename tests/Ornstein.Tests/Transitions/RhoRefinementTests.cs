using Ornstein.Results;
using Ornstein.Theory;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

public class RhoRefinementTests
{
    [Fact]
    public void Next_OneDrop_HalvesItsGapsWidestFirst()
    {
        var members = Members([0, 0.5, 0.7, 0.8, 1], rho => rho < 0.75 ? 1 : 0);
        Assert.Equal([0.725, 0.75, 0.775], RhoRefinement.Next(members, new TransitionOptions { RhosPerRound = 3 }));
    }

    [Fact]
    public void Next_RoundAfterRound_ResolvesTheCriticalRhoOfLinearTheory()
    {
        double Kl(double rho) => LinearPrediction.At([7.5], 1, rho, new LinearSmoothing()).Kl[1];
        var options = new TransitionOptions();
        MemberResult[] members = Members([0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1], Kl);
        var rounds = 0;
        for (var next = RhoRefinement.Next(members, options); next.Length > 0; next = RhoRefinement.Next(members, options))
        {
            Assert.InRange(next.Length, 1, options.RhosPerRound);
            members = [.. members.Concat(Members(next, Kl))];
            Assert.InRange(++rounds, 1, 5);
        }

        var critical = TransitionLocator.Locate(members, options).Critical!;
        Assert.Equal(1 - (1 / 7.5), critical.Estimate, 0.01);
        Assert.InRange(members.Length, 9, 20); // a grid of 0.02 takes 51
    }

    [Fact]
    public void Next_NoTransition_AsksForNothing() => Assert.Empty(RhoRefinement.Next(Members([0, 0.5, 1], _ => 0.001), new()));

    /// <summary>A mean over seeds of different remedies' models would fall where none of them does.</summary>
    [Fact]
    public void Next_MembersOfSeveralRemedies_AsksForNothing()
    {
        var members = Members([0, 0.5, 0.7, 0.8, 1], rho => rho < 0.75 ? 1 : 0);
        MemberResult[] both = [.. members, .. members.Select(member => member with { Seed = 1, Remedy = "warm-up:20" })];
        Assert.Empty(RhoRefinement.Next(both, new TransitionOptions()));
        const string Reason = "cannot say: the models differ in 2 remedies, and a critical rho is that of one";
        Assert.Equal((null, Reason), TransitionLocator.Locate(both, new TransitionOptions()));
        Assert.All(TransitionLocator.Layers(both, new TransitionOptions()), layer => Assert.Equal((Reason, null), (layer.Reason, layer.Drop)));
        Assert.NotNull(TransitionLocator.Locate([.. both.Select(member => member with { Remedy = "beta:2" })], new TransitionOptions()).Critical);
    }

    [Fact]
    public void Next_TwoLayersThatFall_SpendsOnBoth()
    {
        var members = Members([0, 0.2, 0.4, 0.6, 0.8, 1], rho => rho < 0.3 ? 1 : 0)
            .Select(member => member with { Kl = [9, member.Rho < 0.7 ? 1 : 0, member.TopKl] }).ToArray();
        var next = RhoRefinement.Next(members, new TransitionOptions { RhosPerRound = 2 });
        Assert.Equal([0.3, 0.7], next);
    }

    [Fact]
    public void Next_CodesThatBeginElsewhereThanTheKlDrops_HalvesTheWidestOfAllFirst()
    {
        var members = Coded([0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1], [0], rho => rho < 0.95 ? 1 : 0, (rho, _) => rho < 0.45 ? 0.3 : 0, (rho, _) => rho < 0.75 ? 0.1 : 0);
        Assert.Equal([(0.9, 1), (0.3, 0.5), (0.7, 0.8)], RhoRefinement.Brackets(members, new TransitionOptions()));
        Assert.Equal([0.4], RhoRefinement.Next(members, new TransitionOptions { RhosPerRound = 1 }));
        // The first halves of the widest are as wide as the others: those follow together.
        Assert.Equal([0.35, 0.4, 0.45, 0.75, 0.95], RhoRefinement.Next(members, new TransitionOptions { RhosPerRound = 5 }));
    }

    [Fact]
    public void Next_RoundAfterRound_ResolvesTheKlAndBothCodes()
    {
        var options = new TransitionOptions();
        MemberResult[] Of(double[] rhos) => Coded(
            rhos, [0, 1], rho => Math.Max(0, 3 * (0.93 - rho)), (rho, _) => rho < 0.555 ? 0.3 : 0, (rho, seed) => Math.Max(0, 0.3 * ((seed == 0 ? 0.81 : 0.77) - rho)));
        var members = Refined(Of, [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1], options);
        var codes = CodeLocator.All(members, options.Resolution);
        var (means, widths) = (codes[0], codes[1]);
        Assert.Equal(TransitionKind.Jump, means.Kind); // steep before: it takes rhos as close as the resolution
        Assert.InRange(0.555, means.Low!.Value, means.High!.Value);
        Assert.InRange(means.High.Value - means.Low.Value, 0, options.Resolution + 1e-9);
        Assert.Equal(TransitionKind.Continuous, widths.Kind);
        // 0.005 nats of a slope of 0.3 are 0.017 of rho: so far below each seed's own the first dead rho may lie, and no estimate is beyond that one.
        // A gap may be as wide as the resolution on either side.
        Assert.InRange(widths.Estimate!.Value, 0.79 - 0.017, 0.79 + 1e-9);
        Assert.InRange(widths.Low!.Value, 0.77 - 0.017 - options.Resolution, 0.77);
        Assert.InRange(widths.High!.Value, 0.81 - 0.017, 0.81 + options.Resolution);
        Assert.Equal(0.93, TransitionLocator.Locate(members, options).Critical!.Estimate, 0.01);
    }

    [Fact]
    public void Next_SeedsInTwoStates_EndsAtTheResolution()
    {
        var options = new TransitionOptions();
        // The KL stays: nothing but the code has a transition.
        MemberResult[] Of(double[] rhos) => Coded(rhos, [0, 1, 2], _ => 0.4, (rho, seed) => rho < (seed < 2 ? 0.35 : 0.75) ? 0.2 : 0, (_, _) => 0);
        var members = Refined(Of, [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1], options);
        Assert.Null(TransitionLocator.Locate(members, options).Critical);
        var means = CodeLocator.All(members, options.Resolution)[0];
        Assert.Equal(TransitionKind.Bistable, means.Kind);
        Assert.InRange(0.35, means.Low!.Value, means.Low.Value + options.Resolution);
        Assert.InRange(0.75, means.High!.Value - options.Resolution, means.High.Value);
        double[] rhos = [.. members.Select(member => member.Rho).Distinct().Order()];
        // Halved only where it was wider than the resolution, so that nothing is narrower than half of it but for the digits of a rho.
        Assert.All(rhos.Zip(rhos.Skip(1), (low, high) => high - low), gap => Assert.True(gap >= (options.Resolution / 2) - 1e-4, $"{gap}"));
    }

    [Fact]
    public void Next_MembersWithoutInformation_LooksAtTheKlAlone()
    {
        var members = Coded([0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1], [0], rho => rho < 0.95 ? 1 : 0, (rho, _) => rho < 0.45 ? 0.3 : 0, (_, _) => 0);
        MemberResult[] older = [.. members.Select(member => member with { MeanInformation = null, WidthInformation = null })];
        Assert.Equal([(0.9, 1)], RhoRefinement.Brackets(older, new TransitionOptions()));
        Assert.Equal([0.925, 0.95, 0.975], RhoRefinement.Next(older, new TransitionOptions { RhosPerRound = 3 }));
    }

    [Fact]
    public void Brackets_OfALowerLayerThatIsResolved_AreThereWhileNothingIsLeftToDo()
    {
        MemberResult[] members =
            [.. Members([0, 0.69, 0.7, 1], _ => 0.4).Select(member => member with { Kl = [9, member.Rho < 0.695 ? 1 : 0, 0.4] })];
        Assert.Equal([(0.69, 0.7)], RhoRefinement.Brackets(members, new TransitionOptions()));
        Assert.Empty(RhoRefinement.Next(members, new TransitionOptions()));
    }

    /// <summary>However the difference of two rhos is rounded: 0.72 - 0.7 is more than 0.02 in floating point, and 0.94 - 0.92 is less.</summary>
    [Theory]
    [InlineData(0.7, 0.72)]
    [InlineData(0.92, 0.94)]
    public void Next_AGapAsWideAsTheResolution_IsResolved(double low, double high) =>
        Assert.Empty(RhoRefinement.Next(Members([0, low, high, 1], rho => rho <= low ? 1 : 0), new TransitionOptions { Resolution = 0.02 }));

    private static MemberResult[] Refined(Func<double[], MemberResult[]> of, double[] rhos, TransitionOptions options)
    {
        var members = of(rhos);
        for (var round = 0; RhoRefinement.Next(members, options) is { Length: > 0 } next; round++)
        {
            Assert.InRange(next.Length, 1, options.RhosPerRound);
            Assert.True(round < 25, "it takes more rounds than [0, 1] has gaps of half the resolution");
            members = [.. members, .. of(next)];
        }

        return members;
    }

    private static MemberResult[] Coded(
        double[] rhos, long[] seeds, Func<double, double> topKl, Func<double, long, double> means, Func<double, long, double> widths)
    {
        static Estimate[] Top(double value) => [new Estimate(2, 0.0005), new Estimate(value, 0.0005)];
        return
        [
            .. rhos.SelectMany(rho => seeds.Select(seed => TransitionLocatorTests.Member(rho, seed, topKl(rho)) with
            {
                MeanInformation = Top(means(rho, seed)), WidthInformation = Top(widths(rho, seed)),
            })),
        ];
    }

    private static MemberResult[] Members(IEnumerable<double> rhos, Func<double, double> topKl) =>
        [.. rhos.Select(rho => TransitionLocatorTests.Member(rho, 0, topKl(rho)))];
}
