using Ornstein.Batching;
using Ornstein.Experiments.Runs;
using Ornstein.Generation;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.View.Exploration;
using static TorchSharp.torch;

namespace Ornstein.Cli.Tests.View;

/// <summary>Points and their pictures, beside what the library's own traversals and passes give.</summary>
public sealed class LatentExplorerTests : IDisposable
{
    private const int Pixels = 16;

    private readonly HierarchicalVae _vae = new(new ModelOptions { Data = Pixels, Latents = [5, 3, 2], Networks = new Perceptrons { Hidden = [8, 8, 8] } }, [new Member(0.5, 3)], new SmoothingOptions());
    private readonly DataRows _data;
    private readonly LatentExplorer _explorer;

    public LatentExplorerTests()
    {
        // As they begin, decoders give one picture for all points.
        using (no_grad())
        using (var generator = new Generator(7))
            _vae.Parameters.Values.Add(randn(_vae.Parameters.Values.shape, generator: generator).Multiply(0.5f));
        _data = DataRows.FromPixels([.. Enumerable.Range(0, 6 * Pixels).Select(i => (byte)(i * 37 % 256))], Pixels, Binarization.None, training: false);
        _explorer = new LatentExplorer(_vae, _data);
    }

    public void Dispose()
    {
        _vae.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Below_OfAPoint_KeepsItsUpperLayersAndGivesPsMeansBelow()
    {
        var point = _explorer.Draw(1);
        var (moved, picture) = _explorer.Below(point, 1, seed: null, 1);
        Assert.Equal(point[2], moved[2]);
        Assert.Equal(point[1], moved[1]);
        using var guard = no_grad();
        var mean = _vae.Generative(0, tensor(point[1]).reshape(1, 1, 3)).Mean;
        Assert.Equal(mean.data<float>().ToArray(), moved[0]);
        Assert.Equal(RunPictures.Levels(_vae.Decode(mean), [0]), picture);
    }

    [Fact]
    public void Below_WithASeed_DrawsEachPictureAnewAndTheSameAgain()
    {
        var point = _explorer.Draw(1);
        var (_, pictures) = _explorer.Below(point, 2, seed: 4, 3);
        Assert.Equal(3 * Pixels, pictures.Length);
        Assert.NotEqual(pictures[..Pixels], pictures[Pixels..(2 * Pixels)]);
        Assert.Equal(pictures, _explorer.Below(point, 2, seed: 4, 3).Pictures);
        Assert.NotEqual(pictures, _explorer.Below(point, 2, seed: 5, 3).Pictures);
    }

    [Fact]
    public void Encode_OfADatum_IsASampleOfItsQ()
    {
        var point = _explorer.Encode(4);
        using var guard = no_grad();
        var pass = _vae.Infer(_data.Slice(4, 1).unsqueeze(0), StackNoise.Shared(RandomKey.FromSeed(0).At("explorer encodes")));
        Assert.Equal(pass.Samples.Select(z => z.data<float>().ToArray()), point);
        Assert.Equal(Enumerable.Range(4 * Pixels, Pixels).Select(i => (byte)(i * 37 % 256)), _explorer.Original(4));
    }

    [Fact]
    public void Morph_FromOnePointToAnother_BeginsAndEndsAtThem()
    {
        var (from, to) = (_explorer.Encode(0), _explorer.Encode(1));
        var way = _explorer.Morph(from, to, 0, 5);
        Assert.Equal(_explorer.Below(from, 0, null, 1).Pictures, way[..Pixels]);
        Assert.Equal(_explorer.Below(to, 0, null, 1).Pictures, way[^Pixels..]);
        // Of z2 and above: z1 is what p makes of them.
        Assert.Equal(_explorer.Below(to, 1, null, 1).Pictures, _explorer.Morph(from, to, 1, 5)[^Pixels..]);
        var middle = from.Zip(to, (a, b) => a.Zip(b, (x, y) => (x + y) / 2).ToArray()).ToArray();
        Assert.All(_explorer.Below(middle, 0, null, 1).Pictures.Zip(way[(2 * Pixels)..(3 * Pixels)]), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1)); // of rounding
    }

    /// <summary>JSON has no NaN: such an answer once ended in a stack trace.</summary>
    [Fact]
    public void Answers_OfAModelThatDiverged_SayThatItGivesNoNumbers()
    {
        using (no_grad()) _vae.Parameters.Values.Fill(float.NaN);
        var query = new BelowQuery { Run = "run", Place = 0, Point = [[0, 0, 0, 0, 0], [0, 0, 0], [0, 0]], Lowest = 2 };
        Assert.Equal("the model gives numbers there that are not finite.", Assert.Throws<OrnsteinException>(() => ExplorerAnswers.Below(_explorer, query)).Message);
    }

    [Fact]
    public void Layers_AreTheMomentsOfP()
    {
        // The top is standard normal: 1,000 samples give its mean to 0.032 and its deviation to 0.022, at one standard error; five here.
        Assert.All(_explorer.Layers[2].Mean, mean => Assert.InRange(mean, -0.16, 0.16));
        Assert.All(_explorer.Layers[2].Deviation, deviation => Assert.InRange(deviation, 0.89, 1.11));
        Assert.Equal([5, 3, 2], _explorer.Layers.Select(layer => layer.Mean.Length));
    }
}
