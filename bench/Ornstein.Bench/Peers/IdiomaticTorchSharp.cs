using System.Diagnostics;
using Ornstein.Bench.Compare;
using Ornstein.Models;
using Ornstein.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

#pragma warning disable RS0030 // as a TorchSharp user would write it: what its numbers cost is part of what is timed

namespace Ornstein.Bench.Peers;

/// <summary>
/// The same model as a TorchSharp user would write it: modules, its own Adam, and either batches by index from one tensor or its
/// DataLoader.
/// </summary>
internal sealed class IdiomaticTorchSharp : IContender
{
    private readonly Vae _vae;
    private readonly TorchSharp.Modules.Adam _adam;
    private readonly Tensor _data;
    private readonly IterableDataLoader? _loader;
    private readonly IEnumerator<Tensor> _batches;

    public IdiomaticTorchSharp(BenchModel model, int draws, bool dataLoader = false)
    {
        Name = NameOf(draws, dataLoader);
        _vae = new Vae(model.Options, BenchModel.RhoOf(draws), draws);
        _adam = optim.Adam(_vae.parameters(), lr: 1e-3);
        using var rows = model.Images();
        (_data, ImagesPerStep) = (rows.Slice(0, rows.Count), model.BatchSize);
        if (dataLoader)
        {
            _loader = torch.utils.data.DataLoader(
                torch.utils.data.TensorDataset(_data), model.BatchSize, shuffle: true, num_worker: 1, drop_last: true);
        }

        _batches = (_loader is null ? BatchesByIndex.Of(_data, model.BatchSize) : ByLoader(_loader)).GetEnumerator();
    }

    public string Name { get; }

    public int ImagesPerStep { get; }

    public static string NameOf(int draws, bool dataLoader = false) =>
        $"torchsharp{(draws == 0 ? "" : $" K={draws}")}{(dataLoader ? " DataLoader" : "")}";

    public double Run(int steps)
    {
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            _batches.MoveNext();
            _adam.zero_grad();
            var loss = _vae.call(_batches.Current);
            loss.backward();
            _adam.step();
        }

        return clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        _batches.Dispose();
        _loader?.Dispose();
        _data.Dispose();
        _adam.Dispose();
        _vae.Dispose();
    }

    private static IEnumerable<Tensor> ByLoader(IterableDataLoader loader)
    {
        while (true)
        {
            foreach (var batch in loader) yield return batch[0];
        }
    }

    private sealed class Gaussian : Module<Tensor, (Tensor Mean, Tensor Deviation)>
    {
        private readonly Sequential _network;

        public Gaussian(string name, int inputs, int width, int hiddenLayers, int outputs) : base(name)
        {
            _network = Perceptron(inputs, width, hiddenLayers, 2 * outputs);
            RegisterComponents();
        }

        public override (Tensor Mean, Tensor Deviation) forward(Tensor input)
        {
            var heads = _network.call(input).chunk(2, -1);
            return (heads[0], functional.softplus(heads[1]) + 1e-4);
        }
    }

    private sealed class Vae : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Gaussian> _q, _p;
        private readonly Sequential _decoder;
        private readonly double _rho;
        private readonly int _draws;

        public Vae(ModelOptions model, double rho, int draws) : base("vae")
        {
            (_rho, _draws) = (rho, draws);
            var (perceptrons, latents) = ((Perceptrons)model.Networks, model.Units);
            Gaussian Make(string name, int inputs, int layer, int output) =>
                new(name, inputs, perceptrons.Hidden[layer], perceptrons.HiddenLayers, latents[output]);
            int InputsOf(int layer) => layer == 0 ? model.Features : latents[layer - 1];
            _q = new([.. Enumerable.Range(0, model.Layers).Select(i => Make($"q{i}", InputsOf(i), i, i))]);
            _p = new([.. Enumerable.Range(0, model.Layers - 1).Select(i => Make($"p{i}", latents[i + 1], i + 1, i))]);
            _decoder = Perceptron(latents[0], perceptrons.Hidden[0], perceptrons.HiddenLayers, model.Features);
            RegisterComponents();
        }

        // The loss: reconstruction and KLs, means over the batch.
        public override Tensor forward(Tensor x)
        {
            var layers = new List<(Tensor Mean, Tensor Deviation)>();
            var samples = new List<Tensor>();
            var value = x;
            foreach (var q in _q)
            {
                var (mean, deviation) = q.call(value);
                value = mean + (deviation * randn_like(mean));
                layers.Add((mean, deviation));
                samples.Add(value);
            }

            var logits = _decoder.call(samples[0]);
            var loss = functional.binary_cross_entropy_with_logits(logits, x, reduction: Reduction.Sum) / x.shape[0];
            for (var i = 0; i < _p.Count; i++) loss += Kl(layers[i], Generative(_p[i], layers[i + 1], samples[i + 1])).mean();
            var (top, spread) = layers[^1];
            return loss + (spread.pow(2) + top.pow(2) - 1 - (2 * spread.log())).sum(-1L).mul(0.5).mean();
        }

        private (Tensor Mean, Tensor Deviation) Generative(Gaussian p, (Tensor Mean, Tensor Deviation) layer, Tensor z)
        {
            if (_draws == 0) return p.call(z);
            var noise = randn(_draws, z.shape[0], z.shape[1]);
            var points = layer.Mean + (_rho * (z - layer.Mean)) + (Math.Sqrt(1 - (_rho * _rho)) * layer.Deviation * noise);
            var (mean, deviation) = p.call(points.flatten(0, 1));
            return (mean.view(_draws, z.shape[0], -1).mean([0L]), deviation.view(_draws, z.shape[0], -1).mean([0L]));
        }

        private static Tensor Kl((Tensor Mean, Tensor Deviation) q, (Tensor Mean, Tensor Deviation) p)
        {
            var ratio = q.Deviation / p.Deviation;
            return (ratio.pow(2) + ((q.Mean - p.Mean) / p.Deviation).pow(2) - 1 - (2 * ratio.log())).sum(-1L).mul(0.5);
        }
    }

    private static Sequential Perceptron(int inputs, int width, int hiddenLayers, int outputs)
    {
        var modules = new List<Module<Tensor, Tensor>>();
        for (var i = 0; i < hiddenLayers; i++)
        {
            modules.Add(Linear(i == 0 ? inputs : width, width));
            modules.Add(LeakyReLU(0.01, inplace: true));
        }

        modules.Add(Linear(width, outputs));
        return Sequential(modules);
    }
}
