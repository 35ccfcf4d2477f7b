using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Networks;

/// <summary>Networks written as functions of their weights, without modules.</summary>
public class OwnNetworkTests
{
    private static ModelOptions Model(Func<NetworkPlace, INetwork> create) => TinyStack.Model with { Networks = new OwnNetworks(create) };

    [Fact]
    public void Train_LinearNetworksOfOnesOwn_EqualTheBuiltInOnes()
    {
        // Widths are a parameter per unit in both, since the networks give means alone.
        var smoothing = new SmoothingOptions { Draws = 3 };
        using var own = new TinyStack([new Member(0.5, 3), new Member(1, 3)], smoothing, Model(place => new OwnLinear(place)));
        using var built = new TinyStack([new Member(0.5, 3), new Member(1, 3)], smoothing, TinyStack.Model with { Networks = Perceptrons.Linear });
        Assert.Equal(built.Vae.Parameters.Layout.Entries.Select(entry => entry.Name), own.Vae.Parameters.Layout.Entries.Select(entry => entry.Name));
        Assert.Equal(built.Values, own.Values); // drawn by seed and name
        own.Train();
        built.Train();
        var distance = own.Values.Zip(built.Values, (a, b) => Math.Abs(a - b)).Max();
        // Adam's step is at most the learning rate, in a direction that rounding can turn where a gradient is all but zero: two of 12 steps of 0.01.
        Assert.True(distance < 0.02, $"{distance}");
        Assert.True(own.Values.Zip(built.Values, (a, b) => Math.Abs(a - b)).Average() < 1e-5);
    }

    [Fact]
    public void Train_NotedRunningMeans_AreThoseOfTheBatches()
    {
        using var scope = NewDisposeScope();
        using var stack = new TinyStack([new Member(1, 3), new Member(0.5, 4)], model: Model(place => new OwnLinear(place, notes: true)));
        stack.Train(TinyStack.Training with { Epochs = 30 });
        var entry = stack.Vae.Parameters.Layout.Entries.Single(candidate => candidate.Name == "q1.mean");
        var mean = stack.Vae.Parameters[entry].detach();
        // Pixels are uniform in [0, 1]: a mean of some 50 batches of 16 rows is within 0.06 of those of 64 rows, at five standard errors.
        Assert.True(mean.Minus(0.5).abs().max().item<float>() < 0.06 + (5 * 0.29 / 8));
        Assert.NotEqual(mean[0].data<float>().ToArray(), mean[1].data<float>().ToArray());
    }

    [Fact]
    public void New_ANetworkThatGivesAnotherShapeThanItSays_IsNamed()
    {
        var error = Assert.Throws<OrnsteinException>(() =>
            new HierarchicalVae(Model(place => new OwnLinear(place, cut: place.Name == "p2" ? 1 : 0)), [new Member(1, 0)], new SmoothingOptions()));
        Assert.Equal("the network of p2 gives [2, 2], where [2, 3] is needed.", error.Message);
    }

    [Fact]
    public void Register_OfAnotherFamilyWithTheSameName_IsRefused()
    {
        Func<NetworkPlace, INetwork> create = place => new OwnLinear(place);
        var networks = new OwnNetworks(create);
        Network.Register(networks);
        Network.Register(new OwnNetworks(create)); // the same
        Assert.Same(networks, Network.Named("own-linear"));
        Assert.Contains("own-linear", Network.Names);
        Assert.Contains("already", Assert.Throws<OrnsteinException>(() => Network.Register(new OwnNetworks(place => new OwnLinear(place)))).Message, StringComparison.Ordinal);
        Assert.Contains("already", Assert.Throws<OrnsteinException>(() => Network.Register(new ModuleNetworks("perceptron", _ => null!))).Message, StringComparison.Ordinal);
        Assert.Contains("lower-case", Assert.Throws<OrnsteinException>(() => Network.Register(new ModuleNetworks("My Net", _ => null!))).Message, StringComparison.Ordinal);
        Assert.Contains("Network.Register", Assert.Throws<OrnsteinException>(() => Network.Named("none")).Message, StringComparison.Ordinal);
    }

    private sealed record OwnNetworks(Func<NetworkPlace, INetwork> Of) : INetworkFamily
    {
        public string Name => "own-linear";

        public INetwork Create(NetworkPlace place) => Of(place);
    }

    private sealed class OwnLinear : INetwork
    {
        private readonly bool _notes;
        private readonly int _cut;

        public OwnLinear(NetworkPlace place, bool notes = false, int cut = 0)
        {
            (Input, Output, _notes, _cut) = (place.Input, place.Role == NetworkRole.Decoder ? place.Output! : place.Output!.Units / 2, notes, cut);
            Parameters =
            [
                new("output.weight", new Shape(Input.Units, Output.Units), InitialValues.Uniform(1 / Math.Sqrt(Input.Units))),
                new("output.bias", Output, InitialValues.Constant(0)),
                .. notes ? [new PartParameter("mean", Input, InitialValues.Constant(0), IsTrained: false)] : Array.Empty<PartParameter>(),
            ];
        }

        public Shape Input { get; }

        public Shape Output { get; }

        public IReadOnlyList<PartParameter> Parameters { get; }

        public bool IsAffine => true;

        public Tensor Forward(NetworkWeights weights, Tensor x)
        {
            if (_notes) weights.Note("mean", x.mean([0L]));
            var output = x.mm(weights["output.weight"]).Plus(weights["output.bias"]);
            return _cut == 0 ? output : output.narrow(1, 0, Output.Units - _cut);
        }
    }
}
