using Ornstein.Batching;
using Ornstein.Contributions;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Evaluation;

/// <summary>Importance-weighted bounds of every kind of model against log p(x), which is known: of linear ones, and of small ones by quadrature.</summary>
public class BoundsOfEveryKindTests
{
    private const int Count = 300, Some = 16, Many = 200;

    [Theory]
    [InlineData(ModelKind.Chain)]
    [InlineData(ModelKind.GenerativeSkips)]
    [InlineData(ModelKind.InferenceSkips)]
    [InlineData(ModelKind.BothSkips)]
    [InlineData(ModelKind.LearnedVariance)]
    [InlineData(ModelKind.AnalyticVariance)]
    public void Bounds_OfLinearModels_RiseToTheExactLogLikelihood(ModelKind kind)
    {
        var plain = new ModelOptions { Data = 2, Latents = [2, 1, 1], Networks = Perceptrons.Linear, Likelihood = new GaussianLikelihood(0.7) };
        using var vae = kind.Create(plain, [new Member(1, 5)], new SmoothingOptions(), spread: 0.3);
        // q as wide as the prior bounds the weights w = p / q.
        foreach (var layer in new[] { 1, 2, 3 }) LinearGaussian.Set(vae, $"q{layer}.scale", Math.Log(Math.E - 1)); // softplus: 1
        using var x = RandomKey.FromSeed(5).At("x").Normal(Count, 2);
        AssertRises(vae, x, LinearGaussian.LogLikelihood(vae, 0, x), converges: true);
    }

    [Theory]
    [InlineData(ModelKind.Chain)]
    [InlineData(ModelKind.Ladder)]
    [InlineData(ModelKind.LadderWithSkips)]
    [InlineData(ModelKind.BothSkips)]
    [InlineData(ModelKind.BatchNormalization)]
    [InlineData(ModelKind.LearnedVariance)]
    [InlineData(ModelKind.CommittedRate)]
    public void Bounds_OfCurvedModels_RiseToTheQuadratureOfTheirModel(ModelKind kind)
    {
        // Quadrature as inner draws: the smoothed generative model is a plain one too.
        var smoothing = new SmoothingOptions { Draws = 5, Sampler = SmoothingSampler.GaussHermite };
        using var vae = kind.Create(Small, [new Member(0.6, 5)], smoothing, spread: 0.4);
        Widen(vae);
        using var x = RandomKey.FromSeed(5).At("x").Normal(Count, 2);
        // A cap below the posterior's deviation leaves the weights without a variance: a bound, but one that rises slowly.
        var converges = kind != ModelKind.CommittedRate;
        Bend(vae);
        var (unsmoothed, smoothed) = (GridLikelihood.LogLikelihood(vae, x), GridLikelihood.LogLikelihood(vae, x, smoothed: true));
        Assert.NotEqual(unsmoothed, smoothed, 1e-4);
        AssertRises(vae, x, unsmoothed, converges, smoothed);
    }

    [Fact]
    public void SampledElbo_OfALadder_IsThatOfTheKls()
    {
        // q goes down as p does: given z_{i+1}, a KL integrates over z_i exactly as samples of it do.
        using var vae = ModelKind.Ladder.Create(Small, [new Member(0.6, 5)], new SmoothingOptions(), spread: 0.4);
        using var x = RandomKey.FromSeed(5).At("x").Normal(Count, 2);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 2);
        const int Draws = 100;
        var result = Evaluator.Members(vae, rows, new EvaluationOptions { Draws = Draws })[0];
        // Different draws of the same data: log-ratios of two units and two features vary by less than 3 nats.
        Assert.Equal(result.Elbo, result.Bounds!.SampledElbo.Value, 5 * 3 * Math.Sqrt(2.0 / (Draws * Count)));
    }

    /// <summary>
    /// q of a ladder contains p. Merged with the smoothed p, it would be held against an unsmoothed one from which a narrow unit's mean is many widths away: hundred thousands of nats
    /// were seen. What is said of the unsmoothed model is that of the same parameters with rho 1, and no smoothing moves it.
    /// </summary>
    [Theory]
    [InlineData(ModelKind.Ladder)]
    [InlineData(ModelKind.LadderWithSkips)]
    public void Unsmoothed_OfALadderWithSmoothing_IsThatOfTheSameParametersWithout(ModelKind kind)
    {
        (MemberResult Result, ModelContributions Contributions) Of(double rho)
        {
            using var vae = kind.Create(Small, [new Member(rho, 5)], new SmoothingOptions { Draws = 3 }, spread: 0.4);
            Bend(vae);
            SetWidths(vae, -8, "p1"); // softplus: 0.0003
            using var x = RandomKey.FromSeed(5).At("x").Normal(Count, 2);
            using var rows = DataRows.FromReals(x.data<float>().ToArray(), 2);
            var options = new EvaluationOptions { Draws = 2, ImportanceDraws = 7 };
            return (Evaluator.Members(vae, rows, options)[0], LayerContributions.Of(vae, rows, options)[0]);
        }

        var ((smoothed, contributions), (without, theirs)) = (Of(0.6), Of(1));
        Assert.Equal([theirs.FromPrior, .. theirs.ReconstructionFrom, .. theirs.ElboFrom], [contributions.FromPrior, .. contributions.ReconstructionFrom, .. contributions.ElboFrom]);
        Assert.NotEqual(without.SmoothedObjective, smoothed.SmoothedObjective, 1e-3);
        Assert.Equal(without.UnsmoothedKl, smoothed.UnsmoothedKl);
        Assert.Equal((without.Elbo, without.Bounds!.SampledElbo, without.Bounds.ImportanceWeighted), (smoothed.Elbo, smoothed.Bounds!.SampledElbo, smoothed.Bounds.ImportanceWeighted));
        Assert.InRange(smoothed.Elbo, -100, 0);
        // The model that is smoothed when it generates has a q that is merged with p as it is trained.
        Assert.True(smoothed.Bounds.SmoothedGenerative.Value < -1000, $"{smoothed.Bounds.SmoothedGenerative}");
    }

    private static ModelOptions Small { get; } = new()
    {
        Data = 2, Latents = [1, 1], Networks = new Perceptrons { Hidden = [6, 5], HiddenLayers = 1, Activation = Activation.Tanh }, Likelihood = new GaussianLikelihood(0.8),
    };

    private static void AssertRises(HierarchicalVae vae, Tensor x, double exact, bool converges, double? smoothed = null)
    {
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), (int)x.shape[1]);
        int[] draws = [1, 4, Some, 64, Many];
        var bounds = draws.Select(k => ImportanceBounds.Of(vae, rows, k, RandomKey.FromSeed(k))[0]).ToArray();
        AssertRises(draws, [.. bounds.Select(bound => bound.ImportanceWeighted)], exact, converges);
        AssertRises(draws, [.. bounds.Select(bound => bound.SmoothedGenerativeImportanceWeighted)], smoothed ?? exact, converges);
    }

    private static void AssertRises(int[] draws, Estimate[] bounds, double exact, bool converges)
    {
        for (var i = 0; i < draws.Length; i++)
        {
            // The error over data is more than that of the draws, since the data are those of the exact number.
            Assert.True(bounds[i].Value < exact + (4 * bounds[i].StandardError), $"k = {draws[i]}: {bounds[i]} of {exact}");
            if (i > 0) Assert.True(bounds[i].Value > bounds[i - 1].Value, $"k = {draws[i]}: {bounds[i]}, before {bounds[i - 1]}");
        }

        if (!converges) return;
        // k draws are short by about V / 2k, V = Var(w / E w): what some are short tells V, and so how near many come. Twice the bias to be safe,
        // and six standard errors of the draws' mean over the data.
        var variance = 2 * Some * (exact - bounds[Array.IndexOf(draws, Some)].Value);
        Assert.True(variance > 0, $"{bounds[2]} of {exact}");
        Assert.Equal(exact, bounds[^1].Value, (variance / Many) + (6 * Math.Sqrt(variance / (Many * Count))));
    }

    // q's deviations wider than p's, so that the weights have a variance.
    private static void Widen(HierarchicalVae vae) => SetWidths(vae, 1.5f, "q1", "q2");

    private static void SetWidths(HierarchicalVae vae, float bias, params string[] networks)
    {
        foreach (var entry in vae.Parameters.Layout.Entries.Where(entry => networks.Any(network => entry.Name == $"{network}.output.bias")))
            vae.Parameters.Memory(vae.Parameters.Values, entry)[(entry.Columns / 2)..].Fill(bias);
    }

    // mu_p(z1 | z2) far from linear, sigma_p constant: a ladder merges q with p as q's coordinates smooth it, and a p of the smoothed generative
    // model that is wider would leave the weights without a variance.
    private static void Bend(HierarchicalVae vae)
    {
        LinearGaussian.Set(vae, "p1.hidden1.weight", 1.5);
        var output = vae.Parameters.Layout.Entries.Single(entry => entry.Name == "p1.output.weight");
        var weights = vae.Parameters.Memory(vae.Parameters.Values, output);
        for (var row = 0; row < output.Rows; row++) (weights[2 * row], weights[(2 * row) + 1]) = (0.4f, 0);
    }
}
