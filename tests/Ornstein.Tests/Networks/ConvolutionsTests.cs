using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Training;
using static TorchSharp.torch;

namespace Ornstein.Tests.Networks;

/// <summary>Convolutional networks: every way between maps and vectors, depth, and whole models of them.</summary>
public class ConvolutionsTests
{
    [Fact]
    public void Products_OfEveryKindOfStep_CountAConvolutionsWeightsAtEveryPixel()
    {
        var network = new ConvolutionalNetwork(
            new Shape(2, 4, 4), new Shape(5), [new Convolve("a", 2, 3, 0, Resize.Halve), new ResidualBlock("b", 3, Activation.Relu), new Connect("c", 12, new Shape(5))], outputBias: null);
        Assert.Equal(((3 * 3 * 2 * 3) * 4) + 3 + (2 * (((3 * 3 * 3 * 3) * 4) + 3)) + (12 * 5) + 5, network.Products);
    }

    /// <summary>From map or vector to map or vector, smaller, larger or the same.</summary>
    [Theory]
    [InlineData("3x16x16", "8x16x16")]
    [InlineData("3x16x16", "8x4x4")]
    [InlineData("8x4x4", "6x16x16")]
    [InlineData("3x28x28", "8x7x7")]
    [InlineData("8x12x8", "4x3x2")]
    [InlineData("3x16x16", "10")]
    [InlineData("3x15x15", "10")]
    [InlineData("5", "3x28x28")]
    [InlineData("5", "10")]
    [InlineData("2x1x1", "2x4x4")]
    public void Forward_AnyShapes_GivesTheOutputAndItsGradients(string input, string output)
    {
        using var scope = NewDisposeScope();
        var (from, to) = (ShapeOf(input), ShapeOf(output));
        using var network = Placed(new Convolutions { Widths = [6], Blocks = 2 }, new NetworkPlace("q1", NetworkRole.Inference, 0, from, to));
        var x = RandomKey.FromSeed(1).At("x").Normal([2, .. from.Axes.Select(axis => (long)axis)]);
        var given = network.Forward(x);
        Assert.Equal([2, .. to.Axes.Select(axis => (long)axis)], given.shape);
        given.Squared().sum([]).backward();
        // What a block's second convolution begins with, zero, keeps the gradient from its first.
        Assert.All(network.Gradients().Where(pair => !pair.Name.Contains(".first.", StringComparison.Ordinal)), pair => Assert.True(pair.Largest > 0, pair.Name));
    }

    /// <summary>Blocks begin as the identity, so thirty of them give what none would but for the last nonlinearity.</summary>
    [Fact]
    public void Forward_ThirtyBlocks_BeginsAsWithNone()
    {
        using var scope = NewDisposeScope();
        var place = new NetworkPlace("q1", NetworkRole.Inference, 0, new Shape(3, 8, 8), new Shape(4, 8, 8));
        var x = RandomKey.FromSeed(2).At("x").Normal(2, 3, 8, 8);
        using var deep = Placed(new Convolutions { Widths = [6], Blocks = 30 }, place);
        using var flat = Placed(new Convolutions { Widths = [6], Blocks = 0 }, place);
        foreach (var name in new[] { "stem1.weight", "output.weight" }) flat.Copy(name, deep);
        Assert.Equal(flat.Forward(x).data<float>().ToArray(), deep.Forward(x).data<float>().ToArray());
    }

    [Theory]
    [InlineData("3x32x32", "8x15x15", "32x32, 16x16, 8x8, 4x4, 2x2, 1x1")]
    [InlineData("1x28x28", "8x8x8", "28x28, 14x14, 7x7")]
    [InlineData("8x16x16", "8x8x16", "16x16, 8x8")]
    [InlineData("8x4x4x4", "8x4x4", "channels x height x width")]
    public void Create_MapThatHalvesDoNotReach_NamesThoseThatTheyDo(string input, string output, string right)
    {
        var (from, to) = (ShapeOf(input), ShapeOf(output));
        var mistake = Assert.Throws<OrnsteinException>(() => new Convolutions { Widths = [4] }.Create(new NetworkPlace("q1", NetworkRole.Inference, 0, from, to)));
        Assert.Contains(right, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_WrongNumbers_AreNamed()
    {
        Assert.Contains("latents 2", Message(() => new Convolutions { Widths = [4] }.Validate(2)), StringComparison.Ordinal);
        Assert.Contains("widths holds 0", Message(() => new Convolutions { Widths = [0] }.Validate(1)), StringComparison.Ordinal);
        Assert.Contains("blocks is -1", Message(() => new Convolutions { Widths = [1], Blocks = -1 }.Validate(1)), StringComparison.Ordinal);
        Assert.Contains("there are networks 'convolution' already", Message(() => Network.Register(new ModuleNetworks("convolution", _ => throw new InvalidOperationException()))), StringComparison.Ordinal);
    }

    /// <summary>A whole model of maps, of every kind of inference: it learns, and a member is the same alone and in a stack.</summary>
    [Theory]
    [InlineData(InferenceKind.Chain, SkipConnections.None)]
    [InlineData(InferenceKind.Chain, SkipConnections.Both)]
    [InlineData(InferenceKind.Ladder, SkipConnections.None)]
    public void Train_MapsAndAVector_LearnsAndIsTheSameInAStack(InferenceKind inference, SkipConnections skip)
    {
        // Squares of one colour at one of four places.
        const int Side = 8;
        var random = new Random(1);
        byte[] pixels = [.. Enumerable.Range(0, 64).SelectMany(_ =>
        {
            var (row, column, image) = (4 * random.Next(2), 4 * random.Next(2), new byte[3 * Side * Side]);
            for (var i = 0; i < 16; i++) image[((row + (i / 4)) * Side) + column + (i % 4)] = 220;
            return image;
        })];
        using var rows = DataRows.FromPixels(pixels, 3 * Side * Side, Binarization.None, training: true, channels: 3);
        var options = new ModelOptions
        {
            Data = new Shape(3, Side, Side), Latents = [new Shape(2, 4, 4), new Shape(2, 2, 2), 3], Networks = new Convolutions { Widths = [8, 8, 8] }, Likelihood = new GaussianLikelihood(0.05),
            Inference = inference, Skip = skip,
        };
        MemberResult[] Trained(params long[] seeds)
        {
            using var vae = new HierarchicalVae(options, [.. seeds.Select(seed => new Member([0.7, 0.7], seed))], new SmoothingOptions { Draws = 2 });
            OutputBias.FromMean(vae, rows);
            var training = new TrainingOptions { Epochs = 40, BatchSize = 16, LearningRate = new() { Peak = 0.005 } };
            using var adam = new Adam(vae.Parameters, training.Adam);
            Assert.True(Trainer.Run(vae, adam, new TrainingState(3, vae.Members.Count), rows, null, training));
            return Evaluator.Members(vae, rows, new EvaluationOptions());
        }

        var (pair, alone) = (Trained(3, 4), Trained(4)[0]);
        Assert.Equal(pair[1].Elbo, alone.Elbo);
        // Of 192 numbers of variance v around the mean image, none is explained before training: 0.05 is the likelihood's.
        var mean = rows.Mean();
        var variance = Enumerable.Range(0, 192).Sum(feature => Enumerable.Range(0, 64).Average(row => Math.Pow((pixels[(row * 192) + feature] / 255.0) - mean[feature], 2)));
        var nothing = -(variance / (2 * 0.05)) - (96 * Math.Log(2 * Math.PI * 0.05));
        Assert.True(alone.SmoothedObjective > nothing + 10, $"{alone.SmoothedObjective}, ELBO {alone.Elbo}, KLs {string.Join(' ', alone.Kl)}, where the mean image gives {nothing}");
    }

    private static Shape ShapeOf(string text) => Shape.TryParse(text, out var shape) ? shape : throw new ArgumentException(text, nameof(text));

    private static string Message(Action action) => Assert.Throws<OrnsteinException>(action).Message;

    private static PlacedTrial Placed(INetworkFamily family, NetworkPlace place) => new(family.Create(place), place.Name);

    /// <summary>A network with parameters of one seed.</summary>
    private sealed class PlacedTrial : IDisposable
    {
        private readonly INetwork _network;
        private readonly StackParameters _parameters;
        private readonly Dictionary<string, ParameterEntry> _entries;

        public PlacedTrial(INetwork network, string place)
        {
            _network = network;
            var layout = new ParameterLayout();
            _entries = network.Parameters.ToDictionary(parameter => parameter.Name, parameter => layout.Add($"{place}.{parameter.Name}", parameter.Shape, parameter.Initial), StringComparer.Ordinal);
            _parameters = new StackParameters(layout, [new Member(1, 0)]);
        }

        public Tensor Forward(Tensor x) => _network.Forward(new NetworkWeights(_parameters, _entries, new TrainingMode(), "q1", isStacked: false), x);

        public IEnumerable<(string Name, double Largest)> Gradients() =>
            _entries.Select(pair => (pair.Key, (double)_parameters.Block(_parameters.Gradients, pair.Value).abs().max().item<float>()));

        public void Copy(string name, PlacedTrial from)
        {
            using var untracked = no_grad();
            _parameters.Block(_parameters.Values, _entries[name]).copy_(from._parameters.Block(from._parameters.Values, from._entries[name]));
        }

        public void Dispose() => _parameters.Dispose();
    }
}
