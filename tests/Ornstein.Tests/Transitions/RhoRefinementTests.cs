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

    private static MemberResult[] Members(IEnumerable<double> rhos, Func<double, double> topKl) =>
        [.. rhos.Select(rho => TransitionLocatorTests.Member(rho, 0, topKl(rho)))];
}
