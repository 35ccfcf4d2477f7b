using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// A stack of models of two layers on a few data, with the top layer collapsed: rows are all combinations of a datum and quadrature nodes of z1
/// and z2, so that means over rows with their weights are expectations.
/// </summary>
internal sealed class CollapsedModel : IDisposable
{
    private const int Width = 24;
    private const int NodesAbove = 14;
    private const int InnerNodes = 6;
    private const double Perturbation = 1e-3;

    // Networks smoother than the nodes are close together: a sharper one would see nodes where there are none to see.
    private const double HiddenScale = 0.7;
    private const double TopRate = 0.5, LowerRate = 0.01, Damping = 0.01;

    private static readonly float[] _data = [-2, -0.7f, 0.2f, 0.9f, 2.3f];

    private readonly HierarchicalVae _vae;
    private readonly RandomKey _key;
    private readonly int _units;
    private readonly Tensor _x;       // [1, rows, 1]
    private readonly Tensor _below;   // nodes of z1, [1, rows, units]
    private readonly Tensor _above;   // nodes of z2, [1, rows, 1]
    private readonly Tensor _weights; // [1, rows]

    public CollapsedModel(int units, Activation activation, long seed, double[] rhos)
    {
        _units = units;
        _key = RandomKey.FromSeed(seed);
        var options = new ModelOptions
        {
            Features = 1, Latents = [units, 1], Hidden = [Width, Width], HiddenLayers = 1, Activation = activation, Likelihood = Likelihood.Gaussian,
            DecoderVariance = 0.3,
        };
        _vae = new HierarchicalVae(
            options, [.. rhos.Select(rho => new Member(rho, seed))], new SmoothingOptions { Draws = InnerNodes, Sampler = SmoothingSampler.GaussHermite });
        // Hidden layers that can bend on both sides of zero, whatever the activation.
        foreach (var entry in _vae.Parameters.Layout.Entries)
        {
            var scale = entry.Name.Contains("hidden", StringComparison.Ordinal) ? HiddenScale / Math.Sqrt(entry.Rows) : 0.35;
            Set(entry, _key.At(entry.Name).Normal(entry.Rows, entry.Columns) * scale);
        }

        var nodes = units == 1 ? 32 : 9;
        var (x1, w1) = GaussHermiteRule.Of(nodes);
        var (x2, w2) = GaussHermiteRule.Of(NodesAbove);
        var (x, below, above, weights) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        foreach (var datum in _data)
        {
            for (var i = 0; i < Math.Pow(nodes, units); i++)
            {
                int[] place = units == 1 ? [i] : [i / nodes, i % nodes];
                for (var j = 0; j < NodesAbove; j++)
                {
                    x.Add(datum);
                    below.AddRange(place.Select(k => (float)x1[k]));
                    above.Add((float)x2[j]);
                    weights.Add((float)(place.Aggregate(w2[j], (weight, k) => weight * w1[k]) / _data.Length));
                }
            }
        }

        Tensor Rows(List<float> values, int columns) => tensor(values.ToArray(), [1, values.Count / columns, columns]);
        (_x, _below, _above, _weights) = (Rows(x, 1), Rows(below, units), Rows(above, 1), Rows(weights, 1).squeeze(2));
    }

    /// <summary>Trains q(z1 | x) and p(x | z1) with z2 collapsed and p(z1) at its best.</summary>
    public void TrainLower(int steps)
    {
        using var adam = new Adam(_vae.Parameters, new AdamOptions());
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            // One row for each node of z1: all of z2's are alike.
            Tensor Once(Tensor values) => values.slice(1, 0, values.shape[1], NodesAbove);
            var weights = Once(_weights) / Once(_weights).sum([]);
            var q1 = _vae.Inference(0, Once(_x).expand(_vae.Members.Count, -1, -1));
            var (_, total, variance) = Lower(q1, weights);
            // KL of the best constant p(z1): log(T / v) / 2, summed over units.
            var kl = (total.log() - (variance.log() * weights.unsqueeze(2)).sum([1L], keepdim: true)).sum([]) / 2;
            _vae.Parameters.Gradients.zero_();
            ((_vae.Reconstruction(Once(_x), [q1.Sample(Once(_below))]) * weights).sum([]) + kl).backward();
            adam.Step(step + 1, 0.02, [.. _vae.Members.Select(_ => true)]);
        }
    }

    /// <summary>Takes the parameters of the first member of another stack.</summary>
    public void TakeLower(CollapsedModel other)
    {
        using var guard = no_grad();
        foreach (var (own, its) in _vae.Parameters.Layout.Entries.Zip(other._vae.Parameters.Layout.Entries))
            Set(own, other._vae.Parameters.Block(other._vae.Parameters.Values, its)[0]);
    }

    /// <summary>The exact criterion of z1 in the first member.</summary>
    public MixtureMoments Criterion()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var q = _vae.Inference(0, tensor(_data, [1, _data.Length, 1]).expand(_vae.Members.Count, -1, -1));
        double[][] Rows(Tensor values) => [.. values[0].to(ScalarType.Float64).contiguous().data<double>().ToArray().Chunk(_units)];
        return new MixtureMoments(
            [.. _data.Select(_ => 1.0 / _data.Length)], Rows(q.Mean), Rows(q.StandardDeviation.square()), _units == 1 ? MixtureMoments.Nodes : 48);
    }

    /// <summary>Puts z2 into the collapsed state, p(z1) constant at its best, and perturbs the output weights of both.</summary>
    public void Collapse()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (mean, total, _) = Lower(Pass().Layers[0], _weights);
        foreach (var (name, centre, deviation) in new[] { ("q2", zeros_like(mean.narrow(2, 0, 1)), ones_like(mean.narrow(2, 0, 1))), ("p1", mean, total.sqrt()) })
        {
            var weight = Entry($"{name}.output.weight");
            Set(weight, _key.At("perturbation").At(name).Normal(weight.Rows, weight.Columns) * Perturbation);
            _vae.Parameters.Block(_vae.Parameters.Values, Entry($"{name}.output.bias")).copy_(cat([centre, (deviation - 1e-4).expm1().log()], 2));
        }
    }

    /// <summary>
    /// Gradient descent, output layers in the metric of the functions that they give (which sets the speed of a mode and not its sign); the rate at
    /// which ln KL_2 grows in a step, over the last third of them, for every member.
    /// </summary>
    public double[] GrowthRates(int steps, bool[] onlyMeans, bool trainsOn)
    {
        StillWidths(_vae.Parameters.Values, onlyMeans);
        using var all = NewDisposeScope();
        // Inner draws lie between the nodes of z2: the metric must know what the functions do there.
        var (x, w) = GaussHermiteRule.Of(40);
        var (points, weights) = (tensor(x, [1, x.Length, 1], ScalarType.Float32), tensor(w, [1, w.Length], ScalarType.Float32));
        var outputs = new[]
        {
            ("q2", Metric(_vae.Networks.Q[1], Pass().Samples[0].detach(), _weights), Scale("q2")),
            ("p1", Metric(_vae.Networks.P[0], points, weights), Scale("p1")),
        };
        var early = Array.Empty<double>();
        for (var step = 0; step < steps; step++)
        {
            if (step == steps * 2 / 3) early = TopKl();
            using var scope = NewDisposeScope();
            var pass = Pass();
            var kl = _vae.SmoothedKl(pass, StackNoise.Shared(_key));
            _vae.Parameters.Gradients.zero_();
            ((_vae.Reconstruction(_x, pass) + kl[0] + kl[1]) * _weights).sum([]).backward();
            using var guard = no_grad();
            StillWidths(_vae.Parameters.Gradients, onlyMeans);
            foreach (var (name, metric, scale) in outputs)
            {
                var (weight, bias) = (Entry($"{name}.output.weight"), Entry($"{name}.output.bias"));
                Tensor Block(Tensor flat, ParameterEntry entry) => _vae.Parameters.Block(flat, entry);
                var change = bmm(metric, cat([Block(_vae.Parameters.Gradients, weight), Block(_vae.Parameters.Gradients, bias)], 1)) * scale;
                Block(_vae.Parameters.Values, weight).sub_(change.narrow(1, 0, weight.Rows) * TopRate);
                Block(_vae.Parameters.Values, bias).sub_(change.narrow(1, weight.Rows, 1) * TopRate);
            }

            if (!trainsOn) continue;
            foreach (var entry in _vae.Parameters.Layout.Entries.Where(entry => entry.Name[..2] is "q1" or "p0"))
                _vae.Parameters.Block(_vae.Parameters.Values, entry).sub_(_vae.Parameters.Block(_vae.Parameters.Gradients, entry) * LowerRate);
        }

        
        return [.. TopKl().Zip(early, (late, before) => Math.Log(late / before) / (steps - (steps * 2 / 3)))];
    }

    public void Dispose() => _vae.Dispose();

    // The inverse second moments of a network's last hidden layer and its bias, [members, hidden + 1, hidden + 1].
    private Tensor Metric(GaussianNetwork network, Tensor input, Tensor weights)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var hidden = network.Network.Hidden(_vae.Parameters, input.expand(_vae.Members.Count, -1, -1).clone());
        var all = cat([hidden, ones_like(hidden.narrow(2, 0, 1))], 2).to(ScalarType.Float64);
        var moments = bmm((all * weights.unsqueeze(2)).transpose(1, 2), all);
        return linalg.inv(moments + (Damping * eye(all.shape[2], dtype: ScalarType.Float64))).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    // Squares of what a mean and a raw width are measured in: the width s and ds / d raw = 1 - exp(-s) of softplus; [members, 1, outputs].
    private Tensor Scale(string name)
    {
        using var guard = no_grad();
        var raw = _vae.Parameters.Block(_vae.Parameters.Values, Entry($"{name}.output.bias")).chunk(2, 2)[1];
        var deviation = nn.functional.softplus(raw) + 1e-4;
        return cat([deviation.square(), (deviation / (1 - (-deviation).exp())).square()], 2);
    }

    // No widths of z2 that depend on z1, in members that code in means alone.
    private void StillWidths(Tensor flat, bool[] onlyMeans)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var block = _vae.Parameters.Block(flat, Entry("q2.output.weight"));
        for (var i = 0; i < onlyMeans.Length; i++)
        {
            if (onlyMeans[i]) block[i].slice(1, 1, 2, 1).fill_(0);
        }
    }

    // To second order E[a^2 / 2 + b^2], which single precision gives where the KL itself is a difference of nearly equal numbers.
    private double[] TopKl()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var q = Pass().Layers[1];
        var kl = (q.Mean.square() / 2) + q.StandardDeviation.log().square();
        return [.. (kl.squeeze(2) * _weights).sum([1L]).data<float>().ToArray().Select(value => (double)value)];
    }

    private InferencePass Pass()
    {
        var q1 = _vae.Inference(0, _x.expand(_vae.Members.Count, -1, -1));
        var z1 = q1.Sample(_below);
        var q2 = _vae.Inference(1, z1);
        return new InferencePass([q1, q2], [z1, q2.Sample(_above)]);
    }

    // E m, T and v of z1.
    private static (Tensor Mean, Tensor Total, Tensor Variance) Lower(DiagonalGaussian q, Tensor rowWeights)
    {
        var weights = rowWeights.unsqueeze(2);
        var mean = (q.Mean * weights).sum([1L], keepdim: true);
        var variance = q.StandardDeviation.square();
        return (mean, (((q.Mean - mean).square() + variance) * weights).sum([1L], keepdim: true), variance);
    }

    private ParameterEntry Entry(string name) => _vae.Parameters.Layout.Entries.Single(entry => entry.Name == name);

    private void Set(ParameterEntry entry, Tensor value)
    {
        using var guard = no_grad();
        _vae.Parameters.Block(_vae.Parameters.Values, entry).copy_(value.unsqueeze(0));
    }
}
