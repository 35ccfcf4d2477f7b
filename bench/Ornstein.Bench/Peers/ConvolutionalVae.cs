using Ornstein.Bench.Compare;
using Ornstein.Likelihoods;
using Ornstein.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

#pragma warning disable RS0030 // as a TorchSharp user would write it: what its numbers cost is part of what is timed

namespace Ornstein.Bench.Peers;

/// <summary>The convolutional model in modules of TorchSharp.</summary>
internal sealed class ConvolutionalVae : Module<Tensor, Tensor>
{
    private const double HalfBin = 1.0 / 255, LeastLogScale = -7;

    private readonly Dictionary<string, ConvolutionalModule> _networks = new(StringComparer.Ordinal);
    private readonly int _layers;
    private readonly bool _isOfLevels;
    private readonly long[] _data;

    public ConvolutionalVae(BenchModel bench) : base("vae")
    {
        var (model, networks) = (bench.Options, (Convolutions)bench.Options.Networks);
        (_layers, _isOfLevels, _data) = (model.Layers, model.Likelihood is DiscretizedLogisticLikelihood, [.. model.Data.Axes.Select(axis => (long)axis)]);
        void Add(string name, Shape source, Shape target, int layer, bool hasOffset = false)
        {
            var network = new ConvolutionalModule(source, target, networks.Widths[layer], networks.Blocks, hasOffset);
            register_module(name, network);
            _networks.Add(name, network);
        }

        for (var i = 0; i < _layers; i++) Add($"q{i + 1}", i == 0 ? model.Data : model.Latents[i - 1], model.Latents[i].Twice(), i);
        for (var i = 1; i < _layers; i++) Add($"p{i}", model.Latents[i], model.Latents[i - 1].Twice(), i);
        Add("p0", model.Latents[0], _isOfLevels ? model.Data.Twice() : model.Data, 0, hasOffset: true);
    }

    /// <summary>The loss of rows: reconstruction and KLs, means over the batch.</summary>
    public override Tensor forward(Tensor input) => Terms(input, (_, like) => randn_like(like)).Aggregate((sum, term) => sum + term);

    /// <summary>Its terms, z1's KL first; noise comes from where it is told, by name.</summary>
    public Tensor[] Terms(Tensor rows, Func<string, Tensor, Tensor> normal)
    {
        var x = rows.view([-1, .. _data]);
        var (layers, samples, value) = (new List<(Tensor Mean, Tensor Deviation)>(), new List<Tensor>(), x);
        for (var i = 1; i <= _layers; i++)
        {
            var (mean, deviation) = Gaussian($"q{i}", value);
            value = mean + (deviation * normal($"z{i}", mean));
            layers.Add((mean, deviation));
            samples.Add(value);
        }

        var output = _networks["p0"].call(samples[0]);
        var kls = layers.Select((layer, i) => i < _layers - 1 ? Kl(layer, Gaussian($"p{i + 1}", samples[i + 1])) : KlFromStandard(layer));
        return [.. kls.Prepend(_isOfLevels ? DiscretizedLogistic(x, output) : Bernoulli(x, output)).Select(sum => sum / x.shape[0])];
    }

    private (Tensor Mean, Tensor Deviation) Gaussian(string name, Tensor value)
    {
        var heads = _networks[name].call(value).chunk(2, 1);
        return (heads[0], functional.softplus(heads[1]) + 1e-4);
    }

    private static Tensor Bernoulli(Tensor x, Tensor logits) => functional.binary_cross_entropy_with_logits(logits, x, reduction: Reduction.Sum);

    // A logistic distribution on [-1, 1] in 256 bins, the outer two of which are endless (Salimans et al. 2017).
    private static Tensor DiscretizedLogistic(Tensor x, Tensor output)
    {
        var heads = output.chunk(2, 1);
        var inverse = heads[1].clamp(min: LeastLogScale).neg().exp();
        var centred = (x * 2) - 1 - heads[0];
        var upper = functional.softplus((centred + HalfBin) * -inverse);
        var lower = functional.softplus((centred - HalfBin) * inverse);
        var width = (inverse * (-2 * HalfBin)).expm1().neg().log();
        var (isLowest, isHighest) = (x.lt(HalfBin / 2), x.gt(1 - (HalfBin / 2)));
        return (upper.masked_fill(isHighest, 0) + lower.masked_fill(isLowest, 0) - width.masked_fill(isLowest.logical_or(isHighest), 0)).sum([]);
    }

    private static Tensor Kl((Tensor Mean, Tensor Deviation) q, (Tensor Mean, Tensor Deviation) p)
    {
        var ratio = q.Deviation / p.Deviation;
        return (ratio.pow(2) + ((q.Mean - p.Mean) / p.Deviation).pow(2) - 1 - (2 * ratio.log())).sum([]) * 0.5;
    }

    private static Tensor KlFromStandard((Tensor Mean, Tensor Deviation) q) =>
        (q.Deviation.pow(2) + q.Mean.pow(2) - 1 - (2 * q.Deviation.log())).sum([]) * 0.5;
}
