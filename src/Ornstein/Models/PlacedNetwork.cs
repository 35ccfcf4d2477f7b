using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>A network at its place in a stack: it reads and gives plain rows of all members, whatever the network itself does.</summary>
internal sealed class PlacedNetwork
{
    private readonly TrainingMode _mode;
    private readonly Dictionary<string, ParameterEntry> _entries;
    private readonly long[] _input;

    private PlacedNetwork(NetworkPlace place, INetwork network, Dictionary<string, ParameterEntry> entries, TrainingMode mode)
    {
        (Place, Network, _entries, _mode) = (place, network, entries, mode);
        _input = [.. network.Input.Axes.Select(axis => (long)axis)];
    }

    /// <summary>Its place.</summary>
    public NetworkPlace Place { get; }

    /// <summary>The network.</summary>
    public INetwork Network { get; }

    /// <summary>Makes a family's network of a place, and declares its parameters.</summary>
    /// <exception cref="OrnsteinException">It reads or gives another shape than the place needs.</exception>
    public static PlacedNetwork Declare(ParameterLayout layout, INetworkFamily family, NetworkPlace place, TrainingMode mode)
    {
        INetwork? network;
        try
        {
            network = family.Create(place);
        }
        catch (Exception error) when (PartFailure.IsOwn(error))
        {
            throw PartFailure.Of($"the networks '{family.Name}' fail for {place.Name} ({place.Role})", error);
        }

        if (network is null) throw new OrnsteinException($"the networks '{family.Name}' have none for {place.Name} ({place.Role}); make one for every place.");
        if (network.Input.Units != place.Input.Units)
            throw new OrnsteinException($"the network of {place.Name} reads {network.Input}, where {place.Input} is given.");
        if (place.Output is { } output && network.Output.Units != output.Units && !(IsOfGaussian(place) && network.Output.Units * 2 == output.Units))
        {
            throw new OrnsteinException(
                $"the network of {place.Name} gives {network.Output} ({Count(network.Output)}) of {place.Input}, where {output} ({Count(output)}) is needed"
                + (IsOfGaussian(place) ? ": means, then as many numbers that the widths are made of." : "."));
        }

        var entries = network.Parameters.ToDictionary(
            parameter => parameter.Name,
            parameter => layout.Add($"{place.Name}.{parameter.Name}", parameter.Shape, parameter.Initial, parameter.IsTrained), StringComparer.Ordinal);
        return new PlacedNetwork(place, network, entries, mode);
    }

    /// <summary>Where a parameter of the network lies.</summary>
    /// <param name="name">Its name within the network.</param>
    public ParameterEntry Entry(string name) => _entries[name];

    /// <summary>Rows [members, rows, outputs] of rows [members, rows, inputs].</summary>
    /// <param name="parameters">Parameters of the stack, or of a member.</param>
    /// <param name="x">What it reads.</param>
    public Tensor Forward(StackParameters parameters, Tensor x)
    {
        if (Network.IsStacked) return Flat(Network.Forward(WeightsOf(parameters), Network.Input.IsMap ? x.view([x.shape[0], x.shape[1], .. _input]) : x), x.shape[..2]);
        if (parameters.Members == 1) return One(parameters, x.squeeze(0)).unsqueeze(0);
        return stack([.. Enumerable.Range(0, parameters.Members).Select(member => One(parameters.Single(member), x[member]))], 0);
    }

    /// <summary>Calls the network on a few rows of every member.</summary>
    /// <exception cref="OrnsteinException">It gives another shape than it says, or numbers that are not finite.</exception>
    public void Try(StackParameters parameters)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var rows = RandomKey.FromSeed(0).At("trial").Normal(1, 2, Network.Input.Units).expand(parameters.Members, -1, -1);
        if (!Forward(parameters, rows.contiguous()).isfinite().all().item<bool>())
            throw new OrnsteinException($"the network of {Place.Name} gives numbers that are not finite at its first call.");
    }

    private Tensor One(StackParameters parameters, Tensor x) =>
        Flat(Network.Forward(WeightsOf(parameters), x.dim() == _input.Length + 1 && !Network.Input.IsMap ? x : x.reshape([x.shape[0], .. _input])), x.shape[..1]);

    // Else a wrong shape would broadcast on, silently.
    private Tensor Flat(Tensor output, long[] rows)
    {
        long[] expected = [.. rows, .. Network.Output.Axes.Select(axis => (long)axis)];
        var shape = output.shape;
        if (shape.Length == rows.Length + 1 && shape[^1] == Network.Output.Units && shape.AsSpan(0, rows.Length).SequenceEqual(rows)) return output;
        if (shape.AsSpan().SequenceEqual(expected)) return output.flatten(rows.Length);
        throw new OrnsteinException($"the network of {Place.Name} gives [{string.Join(", ", shape)}], where [{string.Join(", ", expected)}] is needed.");
    }

    private NetworkWeights WeightsOf(StackParameters parameters) =>
        parameters.Companion(this, () => new NetworkWeights(parameters, _entries, _mode, Place.Name, Network.IsStacked));

    private static bool IsOfGaussian(NetworkPlace place) => place.Role is NetworkRole.Inference or NetworkRole.Generative or NetworkRole.Head;

    private static string Count(Shape shape) => shape.Units == 1 ? "1 number" : $"{shape.Units} numbers";
}
