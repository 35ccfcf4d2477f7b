using Ornstein.Batching;
using Ornstein.Experiments.Runs;
using Ornstein.Generation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.View.Exploration;

/// <summary>
/// One trained model as something to play with: points of its layers, and the pictures they decode to, by the unsmoothed generative model. A point has
/// a value for every unit of every layer, z1 first.
/// </summary>
internal sealed class LatentExplorer
{
    private const int PriorSamples = 1000, MostNumbers = 1 << 22; // of maps, fewer samples say enough

    private readonly HierarchicalVae _vae;
    private readonly DataRows _test;

    /// <param name="vae">The model, as a stack of one.</param>
    /// <param name="test">Pictures to begin from.</param>
    public LatentExplorer(HierarchicalVae vae, DataRows test)
    {
        (_vae, _test) = (vae, test);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Layers =
        [
            .. Descent.Prior(vae, Math.Clamp(MostNumbers / vae.Options.Latents.Sum(latent => latent.Units), 50, PriorSamples), StackNoise.Shared(RandomKey.FromSeed(0).At("explorer")), "prior").Select(z => new LayerRange(
                Floats(z[0].mean([0])), Floats(z[0].std(0)))),
        ];
    }

    /// <summary>Mean and standard deviation of every unit under p, by samples of the prior, 1,000 or what fits: how far it is worth moving.</summary>
    public IReadOnlyList<LayerRange> Layers { get; }

    /// <summary>Test data there are.</summary>
    public int Count => _test.Count;

    /// <summary>A point of q(z | x) for a test datum, drawn with a fixed seed.</summary>
    /// <param name="datum">The datum, from 0.</param>
    public float[][] Encode(int datum)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return Point(_vae.Infer(Data(datum), StackNoise.Shared(RandomKey.FromSeed(0).At("explorer encodes"))).Samples, 0);
    }

    /// <summary>The pixels of a test datum, 0 to 255.</summary>
    public byte[] Original(int datum)
    {
        using var scope = NewDisposeScope();
        return RunPictures.Levels(Data(datum), [0]);
    }

    /// <summary>A point of the prior.</summary>
    /// <param name="seed">Which.</param>
    public float[][] Draw(long seed)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return Point(Descent.Prior(_vae, 1, StackNoise.Shared(RandomKey.FromSeed(seed).At("explorer draws")), "prior"), 0);
    }

    /// <summary>What a point decodes to with the layers below one made anew by p.</summary>
    /// <param name="point">The point; layers below <paramref name="lowest"/> are not read.</param>
    /// <param name="lowest">The lowest layer that stays, from 0 for z1.</param>
    /// <param name="seed">Draws them; null: they are p's means.</param>
    /// <param name="count">How many times; of means, all are the same.</param>
    /// <returns>The first of the points, and the pixels of each, 0 to 255.</returns>
    public (float[][] Point, byte[] Pictures) Below(float[][] point, int lowest, long? seed, int count)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] given = [.. point.Select(units => tensor(units).reshape(1, 1, units.Length).expand(1, count, units.Length))];
        var noise = seed is { } number ? StackNoise.Shared(RandomKey.FromSeed(number).At("explorer redraws")) : null;
        var all = Descent.Below(_vae, given, lowest, noise, "below");
        return (Point(all, 0), RunPictures.Levels(_vae.Decode(all), [0]));
    }

    /// <summary>Pictures on the way from one point to another: the layers from one up go straight, those below are p's means.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="lowest">The lowest layer that goes, from 0 for z1.</param>
    /// <param name="steps">Pictures, both ends among them.</param>
    public byte[] Morph(float[][] from, float[][] to, int lowest, int steps)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var along = linspace(0, 1, steps).reshape(1, steps, 1);
        Tensor[] given = [.. from.Zip(to, (a, b) => lerp(tensor(a).reshape(1, 1, a.Length), tensor(b).reshape(1, 1, b.Length), along))];
        return RunPictures.Levels(_vae.Decode(Descent.Below(_vae, given, lowest, noise: null, "")), [0]);
    }

    /// <summary>Samples of the smoothed generative model, as a run's <c>samples.png</c> has them, pixels 0 to 255.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed draws the same noise for every model.</param>
    public byte[] Samples(int count, long seed)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return RunPictures.Levels(_vae.Sample(count, StackNoise.Shared(RandomKey.FromSeed(seed).At("samples"))), [0]);
    }

    /// <summary>The first test data, and what the model makes of them by way of z1; pixels 0 to 255.</summary>
    /// <param name="count">How many.</param>
    public (byte[] Originals, byte[] Made) Reconstructions(int count)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var x = _test.Slice(0, count).unsqueeze(0);
        var pass = _vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(0).At("reconstructions")));
        return (RunPictures.Levels(x, [0]), RunPictures.Levels(_vae.Decode(pass.Samples), [0]));
    }

    private Tensor Data(int datum) => _test.Slice(datum, 1).unsqueeze(0);

    private static float[][] Point(IReadOnlyList<Tensor> layers, int row) => [.. layers.Select(z => Floats(z[0][row]))];

    private static float[] Floats(Tensor values) => values.to(ScalarType.Float32).contiguous().data<float>().ToArray();
}

/// <summary>What the units of a layer are under p.</summary>
/// <param name="Mean">Mean of every unit.</param>
/// <param name="Deviation">Standard deviation of every unit.</param>
internal sealed record LayerRange(float[] Mean, float[] Deviation);
