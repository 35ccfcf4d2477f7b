using MathNet.Numerics.LinearAlgebra;
using Ornstein.Gaussians;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Theory;
using static TorchSharp.torch;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// A stack of models of two layers on a few data, with the top layer collapsed: rows are all combinations of a datum and quadrature nodes of z1
/// and z2, so that means over rows with their weights are expectations.
/// </summary>
internal sealed class CollapsedModel : IDisposable
{
    /// <summary>Inner draws, nodes of a quadrature: affine functions and squares are smoothed exactly.</summary>
    public const int InnerNodes = 4;

    private const int Width = 64;
    private const int NodesAbove = 16;
    private const double HiddenScale = 0.4; // of standardized inputs: hidden units that bend where these lie, and are smooth between the nodes

    private static readonly float[][] _data = [[-2, 0.5f], [-0.7f, -1.1f], [0.2f, 1.6f], [0.9f, -0.8f], [2.3f, 0.3f]];

    private readonly HierarchicalVae _vae;
    private readonly int _units;
    private readonly Tensor _x;       // [1, rows, units]
    private readonly Tensor _below;   // nodes of z1, [1, rows, units]
    private readonly Tensor _above;   // nodes of z2, [1, rows, 1]
    private readonly Tensor _weights; // [1, rows]

    /// <param name="units">Units of z1, and features of the data: 1 or 2.</param>
    /// <param name="activation">Of all networks.</param>
    /// <param name="seed">Of all weights.</param>
    /// <param name="rhos">One per member.</param>
    public CollapsedModel(int units, Activation activation, long seed, double[] rhos)
    {
        _units = units;
        var options = new ModelOptions
        {
            Data = units, Latents = [units, 1], Networks = new Perceptrons { Hidden = [Width, Width], HiddenLayers = 1, Activation = activation }, Likelihood = new GaussianLikelihood(0.5),
        };
        _vae = new HierarchicalVae(
            options, [.. rhos.Select(rho => new Member(rho, seed))], new SmoothingOptions { Draws = InnerNodes, Sampler = SmoothingSampler.GaussHermite });
        var key = RandomKey.FromSeed(seed);
        foreach (var entry in _vae.Parameters.Layout.Entries)
        {
            var scale = entry.Name.Contains("hidden", StringComparison.Ordinal) ? HiddenScale : 1 / Math.Sqrt(Width);
            Set(entry, key.At(entry.Name).Normal(entry.Rows, entry.Columns).Times(scale));
        }

        (_x, _below, _above, _weights) = Rows(units == 1 ? 24 : 8, NodesAbove);
    }

    /// <summary>The networks and parameters, float32.</summary>
    public HierarchicalVae Vae => _vae;

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
            var (_, total) = Lower(q1, weights);
            // KL of the best constant p(z1): log(T / v) / 2, summed over units.
            var kl = (total.log() - (q1.StandardDeviation.Squared().log() * weights.unsqueeze(2)).sum([1L], keepdim: true)).sum([]).Over(2);
            _vae.Parameters.Gradients.zero_();
            (_vae.Reconstruction(Once(_x), [q1.Sample(Once(_below))]) * weights).sum([]).Plus(kl).backward();
            adam.Step(step + 1, 0.02, [.. _vae.Members.Select(_ => true)]);
        }

        // z1 has any place and scale: q2 reads it standardized.
        using var guard = no_grad();
        using var last = NewDisposeScope();
        var (mean, spread) = Lower(Pass().Layers[0], _weights);
        var weight = Block(_vae.Parameters.Values, Entry("q2.hidden1.weight"));
        weight.div_(spread.sqrt().transpose(1, 2));
        Block(_vae.Parameters.Values, Entry("q2.hidden1.bias")).sub_(bmm(mean, weight));
    }

    /// <summary>Takes the parameters of the first member of another stack, then puts z2 into the collapsed state, with p(z1) constant at its best.</summary>
    public void Collapse(CollapsedModel source)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (own, its) in _vae.Parameters.Layout.Entries.Zip(source._vae.Parameters.Layout.Entries))
            Set(own, source.Block(source._vae.Parameters.Values, its)[0]);
        var (mean, total) = Lower(Pass().Layers[0], _weights);
        foreach (var (name, centre, deviation) in new[] { ("q2", zeros_like(mean.narrow(2, 0, 1)), ones_like(mean.narrow(2, 0, 1))), ("p1", mean, total.sqrt()) })
        {
            Block(_vae.Parameters.Values, Entry($"{name}.output.weight")).zero_();
            var raw = deviation.Minus(GaussianNetwork.MinimumStandardDeviation).expm1().log(); // of softplus
            Block(_vae.Parameters.Values, Entry($"{name}.output.bias")).copy_(cat([centre, raw], 2));
        }
    }

    /// <summary>The exact criterion of z1 in the first member.</summary>
    public MixtureMoments Criterion()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var q = _vae.Inference(0, tensor(_data.SelectMany(datum => datum.Take(_units)).ToArray(), [1, _data.Length, _units]).expand(_vae.Members.Count, -1, -1));
        double[][] PerDatum(Tensor values) => [.. values[0].to(ScalarType.Float64).contiguous().data<double>().ToArray().Chunk(_units)];
        return new MixtureMoments(
            [.. _data.Select(_ => 1.0 / _data.Length)], PerDatum(q.Mean), PerDatum(q.StandardDeviation.Squared()), _units == 1 ? MixtureMoments.Nodes : 48);
    }

    /// <summary>The directions of the output layer of <c>q2</c>, or of <c>p1</c>, in the collapsed state.</summary>
    public OutputDirections Directions(string name)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var raw = Block(_vae.Parameters.Values, Entry($"{name}.output.bias"))[0, 0].to(ScalarType.Float64).chunk(2, 0)[1];
        var deviation = raw.Softplus().Plus(GaussianNetwork.MinimumStandardDeviation);
        // Means in units of the deviation; deviations in units of it / sqrt(2), through softplus.
        var scale = cat([deviation, (deviation / (-raw.Softplus()).exp().neg().Plus(1)).Over(Math.Sqrt(2))], 0);
        var input = name == "q2" ? Pass().Samples[0][0] : _above[0];
        return OutputDirections.Of(Features(name, input), ToVector(_weights[0]), [.. scale.contiguous().data<double>().ToArray()]);
    }

    /// <summary>Hidden units and a one of <c>q2</c> or <c>p1</c> at inputs [rows, units], [rows, hidden + 1].</summary>
    public Matrix<double> Features(string name, Tensor input)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var network = name == "q2" ? _vae.Networks.Q[1] : _vae.Networks.P[0];
        var rows = input.to(ScalarType.Float32).unsqueeze(0).repeat(_vae.Members.Count, 1, 1);
        var hidden = HiddenUnits.Of(network.Network, _vae.Parameters, rows)[0].to(ScalarType.Float64);
        var all = cat([hidden, ones_like(hidden.narrow(1, 0, 1))], 1).contiguous();
        return Matrix<double>.Build.DenseOfRowMajor((int)all.shape[0], (int)all.shape[1], all.data<double>().ToArray());
    }

    /// <summary>
    /// The gradient of the whole objective by the output layer of <c>q2</c> and <c>p1</c> with its parameters moved, per member [hidden + 1, outputs];
    /// moves are given in the same form, and taken back.
    /// </summary>
    public Dictionary<string, Matrix<double>[]> GradientAt(IReadOnlyDictionary<string, Matrix<double>[]> moves)
    {
        using var scope = NewDisposeScope();
        var kept = _vae.Parameters.Values.clone();
        Move(moves);
        var pass = Pass();
        var kl = _vae.SmoothedKl(pass, StackNoise.Shared(RandomKey.FromSeed(0)));
        _vae.Parameters.Gradients.zero_();
        (_vae.Reconstruction(_x, pass).Plus(kl[0]).Plus(kl[1]) * _weights).sum([]).backward();
        using var guard = no_grad();
        _vae.Parameters.Values.copy_(kept);
        return new[] { "q2", "p1" }.ToDictionary(name => name, name => Enumerable.Range(0, _vae.Members.Count).Select(member =>
        {
            var both = cat([.. Blocks(name, _vae.Parameters.Gradients).Select(block => block[member])], 0).to(ScalarType.Float64).contiguous();
            return Matrix<double>.Build.DenseOfRowMajor((int)both.shape[0], (int)both.shape[1], both.data<double>().ToArray());
        }).ToArray());
    }

    public void Dispose() => _vae.Dispose();

    private void Move(IReadOnlyDictionary<string, Matrix<double>[]> moves)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, perMember) in moves)
        {
            var blocks = Blocks(name, _vae.Parameters.Values);
            for (var member = 0; member < perMember.Length; member++)
            {
                var move = perMember[member];
                var rows = tensor(move.ToRowMajorArray(), [move.RowCount, move.ColumnCount]).to(ScalarType.Float32);
                blocks[0][member].Add(rows.narrow(0, 0, move.RowCount - 1));
                blocks[1][member].Add(rows.narrow(0, move.RowCount - 1, 1));
            }
        }
    }

    private InferencePass Pass()
    {
        var q1 = _vae.Inference(0, _x.expand(_vae.Members.Count, -1, -1));
        var z1 = q1.Sample(_below);
        var q2 = _vae.Inference(1, z1);
        return new InferencePass([q1, q2], [z1, q2.Sample(_above)]);
    }

    // E m and T of z1.
    private static (Tensor Mean, Tensor Total) Lower(DiagonalGaussian q, Tensor rowWeights)
    {
        var weights = rowWeights.unsqueeze(2);
        var mean = (q.Mean * weights).sum([1L], keepdim: true);
        return (mean, ((q.Mean - mean).Squared().Plus(q.StandardDeviation.Squared()) * weights).sum([1L], keepdim: true));
    }

    // A vector as one row.
    private Tensor Block(Tensor flat, ParameterEntry entry) => _vae.Parameters.Block(flat, entry).view(_vae.Members.Count, entry.Rows, entry.Columns);

    private Tensor[] Blocks(string name, Tensor flat) =>
        [.. new[] { "weight", "bias" }.Select(part => Block(flat, Entry($"{name}.output.{part}")))];

    private ParameterEntry Entry(string name) => _vae.Parameters.Layout.Entries.Single(entry => entry.Name == name);

    private void Set(ParameterEntry entry, Tensor value)
    {
        using var guard = no_grad();
        Block(_vae.Parameters.Values, entry).copy_(value.unsqueeze(0));
    }

    private (Tensor X, Tensor Below, Tensor Above, Tensor Weights) Rows(int nodes, int nodesAbove)
    {
        var (x1, w1) = GaussHermiteRule.Of(nodes);
        var (x2, w2) = GaussHermiteRule.Of(nodesAbove);
        var (x, below, above, weights) = (new List<float>(), new List<float>(), new List<float>(), new List<float>());
        foreach (var datum in _data)
        {
            for (var i = 0; i < Math.Pow(nodes, _units); i++)
            {
                int[] place = _units == 1 ? [i] : [i / nodes, i % nodes];
                for (var j = 0; j < nodesAbove; j++)
                {
                    x.AddRange(datum.Take(_units));
                    below.AddRange(place.Select(k => (float)x1[k]));
                    above.Add((float)x2[j]);
                    weights.Add((float)(place.Aggregate(w2[j], (weight, k) => weight * w1[k]) / _data.Length));
                }
            }
        }

        static Tensor Column(List<float> values, int columns) => tensor(values.ToArray(), [1, values.Count / columns, columns]);
        return (Column(x, _units), Column(below, _units), Column(above, 1), Column(weights, 1).squeeze(2));
    }

    private static Vector<double> ToVector(Tensor values) =>
        Vector<double>.Build.Dense(values.to(ScalarType.Float64).contiguous().data<double>().ToArray());
}
