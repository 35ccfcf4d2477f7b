using System.Diagnostics;
using Ornstein.Bench.Compare;
using Ornstein.Storage;
using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable RS0030 // as a TorchSharp user would write it: what its numbers cost is part of what is timed

namespace Ornstein.Bench.Peers;

/// <summary>The convolutional model as a TorchSharp user would train it: modules, autograd, its own Adam, batches by index.</summary>
internal sealed class IdiomaticConvolutions : IContender
{
    public const string Title = "torchsharp";

    private readonly ConvolutionalVae _vae;
    private readonly TorchSharp.Modules.Adam _adam;
    private readonly Tensor _data;
    private readonly IEnumerator<Tensor> _batches;

    public IdiomaticConvolutions(BenchModel model)
    {
        _vae = new ConvolutionalVae(model);
        _adam = optim.Adam(_vae.parameters(), lr: 1e-3);
        using var rows = model.Images();
        (_data, ImagesPerStep) = (rows.Slice(0, rows.Count), model.BatchSize);
        _batches = BatchesByIndex.Of(_data, model.BatchSize).GetEnumerator();
    }

    public string Name => Title;

    public int ImagesPerStep { get; }

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
        _data.Dispose();
        _adam.Dispose();
        _vae.Dispose();
    }

    /// <summary>Terms of the loss and the norm of every parameter's gradient at the weights, data and noise of a file.</summary>
    public static PeerNumbers Check(BenchModel model, SafetensorsContent file)
    {
        using var scope = NewDisposeScope();
        using var vae = new ConvolutionalVae(model);
        Tensor Read(string name) => tensor(file.ToArray<float>(name), [.. file.Entry(name).Shape]);
        foreach (var (name, parameter) in vae.named_parameters())
        {
            using var guard = no_grad();
            parameter.copy_(InModules(Read(name).squeeze(0)));
        }

        var terms = vae.Terms(Read("x"), (place, like) => Read(place).view(like.shape));
        terms.Aggregate((sum, term) => sum + term).backward();
        var norms = vae.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad!.to(ScalarType.Float64).norm().item<double>());
        return new("TorchSharp's", [.. terms.Select(term => (double)term.item<float>())], new(norms, StringComparer.Ordinal));
    }

    // A weight of [3, 3, inputs, outputs] is [outputs, inputs, 3, 3] in a module, one of [inputs, outputs] [outputs, inputs].
    private static Tensor InModules(Tensor weight) =>
        weight.dim() == 4 && weight.shape[0] == 3 && weight.shape[1] == 3 ? weight.permute(3, 2, 0, 1) : weight.dim() == 2 ? weight.t() : weight;
}
