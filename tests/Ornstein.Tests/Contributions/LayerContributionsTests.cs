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
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Contributions;

public class LayerContributionsTests
{
    [Fact]
    public void Of_AllBounds_AreBelowTheExactLogLikelihood()
    {
        var options = new ModelOptions { Data = 3, Latents = [3, 2, 2], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(0.4, 7)], new SmoothingOptions());
        using var x = RandomKey.FromSeed(7).Normal(500, 3);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 3);
        var result = LayerContributions.Of(vae, rows, new EvaluationOptions { Draws = 20 })[0];
        var exact = LinearGaussian.LogLikelihood(vae, 0, x);
        Estimate[] bounds = [.. result.ElboFrom, .. result.SkipElbo!, new(-result.FromPrior.Value, result.FromPrior.StandardError)];
        Assert.All(bounds, bound => Assert.True(bound.Value < exact, $"{bound} of {exact}"));
        Assert.Equal(result.ElboFrom[0], result.SkipElbo![^1]);
    }

    [Fact]
    public void Of_ALinearModel_HasTheClosedForms()
    {
        // One unit a layer: z1 = a x + s e1, z2 = b z1 + s e2 in q; z2 ~ N(0, 1), z1 = w z2 + s e, x = d z1 + N(0, 1) in p.
        const double A = 0.8, B = 0.7, W = 0.9, D = 0.6;
        const int Count = 4000, Draws = 50;
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        foreach (var (name, value) in new[] { ("q1", A), ("q2", B), ("p1", W), ("p0", D) }) LinearGaussian.Set(vae, $"{name}.output.weight", value);
        using var x = RandomKey.FromSeed(3).Normal(Count, 1);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 1);
        var result = LayerContributions.Of(vae, rows, new EvaluationOptions { Draws = Draws, BatchSize = 1000 })[0];
        var m = x.Squared().mean().item<float>();
        var s2 = Math.Pow(Math.Log(2) + 1e-4, 2);
        var half = 0.5 * Math.Log(2 * Math.PI);
        double Nll(double gain, double variance) => half + (0.5 * ((((1 - (D * gain)) * (1 - (D * gain))) * m) + (D * D * variance)));
        Near(Nll(A, s2), result.ReconstructionFrom[0]);
        // x' = d (w b a x + w b s e1 + w s e2 + s e): z2 from q and z1 from p.
        Near(Nll(W * B * A, s2 * ((W * W * B * B) + (W * W) + 1)), result.ReconstructionFrom[1]);
        Near(Nll(0, (W * W) + s2), result.FromPrior);
        // Cut 1: z1 from q, z2 from N(0, 1): -log q(z1 | x) and log p(z1 | z2) have the same width, so constants cancel.
        var skip = -Nll(A, s2) + 0.5 - ((((A * A * m) + s2) + (W * W)) / (2 * s2));
        Near(skip, result.SkipElbo![0]);
        // The log-ratio of z2 at its own sample: (z2^2 - e2^2) / 2 - log s.
        var ratio = (0.5 * ((B * B * ((A * A * m) + s2)) + s2 - 1)) - (0.5 * Math.Log(s2));
        Near(-Nll(W * B * A, s2 * ((W * W * B * B) + (W * W) + 1)) - ratio, result.ElboFrom[1]);

        // Standard errors are over the data, which are fixed here, and so more than the draws' noise.
        static void Near(double expected, Estimate actual) => Assert.Equal(expected, actual.Value, 5 * actual.StandardError);
    }

    [Fact]
    public void Of_TheLastCut_IsTheSampledElbo()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 1)]);
        stack.Train();
        var evaluation = new EvaluationOptions { Draws = 200 };
        var contributions = LayerContributions.Of(stack.Vae, stack.Validation, evaluation);
        var members = Evaluator.Members(stack.Vae, stack.Validation, evaluation);
        for (var i = 0; i < 2; i++)
        {
            // The same data with other draws: a log-ratio of 9 units varies by about 3 nats.
            var tolerance = 6 * 3 / Math.Sqrt(200 * stack.Validation.Count);
            Assert.Equal(members[i].Bounds!.SampledElbo.Value, contributions[i].SkipElbo![^1].Value, tolerance);
            Assert.Equal(members[i].Reconstruction, contributions[i].ReconstructionFrom[0].Value, tolerance);
        }
    }

    [Fact]
    public void Of_AModelWhoseTopIsThePrior_LosesNothingWithoutInferringIt()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        stack.Fill(0, 0);
        // softplus(raw) + 1e-4 = 1 in q's top: the posterior is N(0, 1).
        var entry = stack.Vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == "q3.output.bias");
        stack.Vae.Parameters.Memory(stack.Vae.Parameters.Values, entry)[(entry.Columns / 2)..].Fill((float)Math.Log(Math.Exp(1 - 1e-4) - 1));
        var result = LayerContributions.Of(stack.Vae, stack.Validation, new EvaluationOptions())[0];
        Assert.Equal(result.SkipElbo![2].Value, result.SkipElbo[1].Value, 1e-4);
        Assert.Equal(result.FromPrior.Value, result.ReconstructionFrom[2].Value, 1e-4);
    }
}
