using Ornstein.Evaluation;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>Nothing is averaged over models that differ in more than rho and seed: every way they may differ is a reason, and no number.</summary>
public class ComparableTests
{
    private static readonly TransitionOptions _options = new();
    private static readonly double[] _rhos = [0, 0.5, 0.7, 0.8, 1];

    public static TheoryData<string, string> Differences => new()
    {
        { "remedy", "cannot say: the models differ in 2 remedies, and a critical rho is that of one" },
        { "rho per link", "cannot say: the links of a member have different rhos, so there is no single rho to vary" },
        { "layers", "cannot say: there are models of 2 and of 3 layers, and a transition is that of one architecture" },
        { "latents", "cannot say: there are models of 3,2 and of 3,4 units, and a transition is that of one architecture" },
        { "data", "cannot say: the models were measured on 2 sets of data, and a transition is that of one" },
        { "weights", "cannot say: the KLs of the models weighed 1,0.5 and of 1,1 when their training ended, and a transition is that of one objective" },
        { "nothing", "cannot say: there are two models of rho 0 and seed 0, which differ in something that they do not say" },
    };

    /// <summary>Two seeds that fall at other rhos, or stay: before, their mean was a critical rho, or their disagreement was put down to the seeds.</summary>
    [Theory]
    [MemberData(nameof(Differences))]
    public void Locate_ModelsThatDifferInMoreThanRhoAndSeed_IsAReason(string what, string reason)
    {
        MemberResult[] both = [.. Members(0, 0.75), .. Members(1, 0.6).Select(member => Changed(member, what))];
        Assert.Equal((null, reason), TransitionLocator.Locate(both, _options));
        Assert.All(TransitionLocator.Layers(both, _options), layer => Assert.Equal((reason, null), (layer.Reason, layer.Drop)));
        Assert.NotEmpty(TransitionLocator.Layers(both, _options));
        Assert.Empty(CodeLocator.All(both, _options.Resolution));
        Assert.Empty(RhoRefinement.Brackets(both, _options));
        Assert.Empty(RhoRefinement.Next(both, _options));
        // Each of them alone has one, and so have both where they are alike.
        Assert.NotNull(TransitionLocator.Locate(Members(0, 0.75), _options).Critical);
        MemberResult[] alike = [.. Members(0, 0.75), .. Members(1, 0.6)];
        Assert.NotNull(TransitionLocator.Locate(alike, _options).Critical);
        Assert.NotEmpty(CodeLocator.All(alike, _options.Resolution));
        Assert.NotEmpty(RhoRefinement.Next(alike, _options));
    }

    /// <summary>What earlier versions did not write, and models that diverged do not have, is no difference.</summary>
    [Fact]
    public void Locate_ModelsThatDoNotSayEverything_AreSetBesideEachOther()
    {
        MemberResult[] both = [.. Members(0, 0.75), .. Members(1, 0.6).Select(member => member with { UnitKl = null, KlWeights = null, TestRows = null })];
        Assert.NotNull(TransitionLocator.Locate(both, _options).Critical);
    }

    /// <summary>The library names remedies itself: before, its own measurements of two of them went into one mean.</summary>
    [Fact]
    public void Members_OfAStackOfTwoRemedies_NameThemSoThatNothingIsAveraged()
    {
        Remedy beta = new() { Beta = [0.5] }, joint = new() { Form = ObjectiveForm.Joint };
        Member[] members = [.. Member.Grid([0.2, 1], [0]), .. Member.Grid([0.2, 1], [1]).Select(member => member with { Remedy = beta }), .. Member.Grid([0.2, 1], [2]).Select(member => member with { Remedy = joint })];
        using var stack = new TinyStack(members);
        var results = Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions { Draws = 2 });
        Assert.Equal([null, null, "beta:0.5", "beta:0.5", "joint", "joint"], results.Select(result => result.Remedy));
        Assert.Equal($"{stack.Validation.Fingerprint}", Assert.Single(results.Select(result => result.TestRows).Distinct()));
        Assert.Equal("cannot say: the models differ in 3 remedies, and a critical rho is that of one", TransitionLocator.Locate(results, _options).Reason);
        Assert.Equal("cannot say: the models differ in 2 remedies, and a critical rho is that of one", TransitionLocator.Locate(results[2..], _options).Reason);
        // What an untrained stack tells is another reason, of the models themselves.
        Assert.DoesNotContain("remedies", TransitionLocator.Locate(results[..2], _options).Reason, StringComparison.Ordinal);

        var others = Evaluator.Members(stack.Vae, stack.Data, new EvaluationOptions { Draws = 2 });
        Assert.Contains("2 sets of data", TransitionLocator.Locate([results[0], others[1]], _options).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_InformationOfTwoModelsOfOneRhoAndSeed_IsAReason()
    {
        InformationPoint[] points = [new(0.2, 0, new(0.3, 0.001)), new(0.2, 0, new(0, 0.001)), new(1, 0, new(0, 0.001))];
        var found = CodeLocator.Of(2, CodePart.Means, points, 0.02);
        Assert.Equal(("cannot say: there are two models of rho 0.2 and seed 0, which differ in something that they do not say", null, null), (found.Reason, found.Kind, found.Estimate));
    }

    [Fact]
    public void LimitOf_TwoPointsOfOneRhoAndSeed_IsAReason()
    {
        BranchPoint Point(double rho, double growth) => new()
        {
            Rho = rho, Seed = 0, FromAlive = new(0.2, 0.01), FromCollapsed = new(0, 0.001), Growth = new(growth, 0.001), Drift = Estimate.None, State = BranchState.Unknown,
        };
        Assert.NotNull(BranchComparison.LimitOf([Point(0.2, 0.1), Point(1, -0.1)]).Low);
        var limit = BranchComparison.LimitOf([Point(0.2, 0.1), Point(1, -0.1), Point(1, 0.3)]);
        Assert.Equal((null, null), (limit.Low, limit.High));
        Assert.StartsWith("cannot say: there are two models of rho 1 and seed 0", limit.Reason, StringComparison.Ordinal);
    }

    private static MemberResult[] Members(long seed, double critical) => [.. _rhos.Select(rho => TransitionLocatorTests.Member(rho, seed, rho < critical ? 1 : 0) with
    {
        UnitKl = [[5, 5, 5], [rho < critical ? 1 : 0, 0]], KlWeights = [1, 1], TestRows = "200 x 12, 0123456789ab",
        MeanInformation = [new(2, 0.001), new(rho < critical ? 0.3 : 0, 0.001)], WidthInformation = [new(0, 0.001), new(0, 0.001)],
    })];

    private static MemberResult Changed(MemberResult member, string what) => what switch
    {
        "remedy" => member with { Remedy = "warm-up:20" },
        "rho per link" => member with { RhoPerLink = [0.3, member.Rho] },
        "layers" => member with { Kl = [.. member.Kl, 0.1] },
        "latents" => member with { UnitKl = [[5, 5, 5], [member.TopKl, 0, 0, 0]] },
        "data" => member with { TestRows = "200 x 12, ba9876543210" },
        "weights" => member with { KlWeights = [1, 0.5] },
        "nothing" => member with { Seed = 0 },
        _ => throw new InvalidOperationException(what),
    };
}
