using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Harmonics;

/// <summary>
/// Estimates the degree profile of a function of a Gaussian, for every member of a stack at once: circles of points are drawn for every
/// datum, batch by batch, and all estimators work on the same evaluations.
/// </summary>
/// <remarks>Not thread safe; independent data (or repetitions) are what standard errors are taken over.</remarks>
public sealed class HarmonicEstimator
{
    private readonly HarmonicsOptions _options;
    private readonly CircleStatistics _statistics;
    private readonly List<double[][]>[] _perDatum; // [members][batches][data][statistics]
    private readonly int _units;

    /// <summary>An estimator without data.</summary>
    /// <param name="members">Members of the stack; 1 for a plain function.</param>
    /// <param name="units">Dimension d of the Gaussian.</param>
    /// <param name="options">How finely it samples.</param>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public HarmonicEstimator(int members, int units, HarmonicsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (members < 1 || units < 1) throw new OrnsteinException($"harmonics of {members} members of {units} units; at least 1 of each is needed.");
        (_options, _units) = (options, units);
        _statistics = new CircleStatistics(options);
        _perDatum = [.. Enumerable.Range(0, members).Select(_ => new List<double[][]>())];
    }

    /// <summary>The profile of one function of N(0, I), over independent repetitions.</summary>
    /// <param name="function">eps [1, rows, units] to outputs [1, rows, outputs]; row by row, and differentiable where gradients are asked for.</param>
    /// <param name="units">Dimension d.</param>
    /// <param name="repetitions">Independent repetitions, at least 2.</param>
    /// <param name="key">Where the points come from.</param>
    /// <param name="options">How finely it samples, or null for the defaults.</param>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public static HarmonicProfile Profile(
        Func<Tensor, Tensor> function, int units, int repetitions, RandomKey key, HarmonicsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        options ??= new HarmonicsOptions();
        var estimator = new HarmonicEstimator(1, units, options);
        const int Block = 100;
        for (var start = 0; start < repetitions; start += Block)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Block, repetitions - start);
            estimator.Add(
                eps =>
                {
                    var outputs = function(eps.reshape(1, -1, units));
                    return [outputs.reshape(1, eps.shape[1], count, outputs.shape[2])];
                },
                [estimator], count, key.At(start));
        }

        return estimator.Profile(0);
    }

    /// <summary>Takes in a batch of data.</summary>
    /// <param name="functions">
    /// eps [members, evaluations, data, units] to the outputs of each function, each [members, evaluations, data, outputs]; a datum's
    /// outputs depend on its own eps alone, through a function of its own where the Gaussian differs by datum.
    /// </param>
    /// <param name="estimators">The estimator of each function, this one among them, all with the same options.</param>
    /// <param name="data">Data in the batch.</param>
    /// <param name="key">Where the points come from; another for every batch.</param>
    public void Add(
        Func<Tensor, IReadOnlyList<Tensor>> functions, IReadOnlyList<HarmonicEstimator> estimators, int data, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(estimators);
        using var scope = NewDisposeScope();
        using var mode = _options.Gradients ? enable_grad() : no_grad();
        var points = CirclePoints.Draw(_options, data, _units, key.At("circles"));
        var eps = points.expand(_perDatum.Length, -1, -1, -1).clone();
        if (_options.Gradients) eps.requires_grad_();
        var outputs = functions(eps);
        for (var i = 0; i < estimators.Count; i++)
        {
            var gradients = _options.Gradients ? Gradient(eps, outputs[i], key.At("signs").At(i)) : null;
            using var guard = no_grad();
            estimators[i].Take(_statistics.Of(points, outputs[i].detach(), gradients));
        }
    }

    /// <summary>The profile of a member's function.</summary>
    /// <param name="member">Which member.</param>
    public HarmonicProfile Profile(int member)
    {
        double[][] data = [.. _perDatum[member].SelectMany(batch => batch)];
        return new ProfileBuilder(_options, _statistics, _units, data).Build();
    }

    // Of v.f with a random sign for each output: E_v over products of two such gradients is the sum over outputs.
    private static Tensor Gradient(Tensor eps, Tensor outputs, RandomKey key)
    {
        if (!outputs.requires_grad) return zeros_like(eps).detach(); // a function that does not depend on eps
        var signs = key.Uniform(1, 1, outputs.shape[2], outputs.shape[3]).IsBelow(0.5).to(ScalarType.Float32).Times(2).Minus(1);
        var gradient = autograd.grad([(outputs * signs).sum([])], [eps], retain_graph: true, allow_unused: true)[0];
        return gradient is null || gradient.IsInvalid ? zeros_like(eps).detach() : gradient;
    }

    private void Take(Tensor statistics)
    {
        var (members, data, count) = ((int)statistics.shape[0], (int)statistics.shape[1], (int)statistics.shape[2]);
        var values = statistics.contiguous().data<double>().ToArray();
        for (var member = 0; member < members; member++)
        {
            _perDatum[member].Add(
                [.. Enumerable.Range(0, data).Select(row => values.AsSpan(((member * data) + row) * count, count).ToArray())]);
        }
    }
}
