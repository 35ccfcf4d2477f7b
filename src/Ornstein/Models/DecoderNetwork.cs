using Ornstein.Likelihoods;
using Ornstein.Networks;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>The network of p(x | z1), or of p(x | z_1 .. z_L) with skip connections, and the log-likelihood of data under it.</summary>
internal sealed class DecoderNetwork
{
    private readonly ILikelihood _likelihood;
    private readonly OwnParameters _own;
    private readonly int _features;

    private DecoderNetwork(PlacedNetwork network, ModelOptions options, OwnParameters own) =>
        (Network, _likelihood, _features, _own) = (network, options.Likelihood, options.Features, own);

    /// <summary>What the likelihood reads, such as logits.</summary>
    public PlacedNetwork Network { get; }

    /// <summary>Where the likelihood's own parameters lie.</summary>
    public IEnumerable<ParameterEntry> Own => _own.Entries;

    public static DecoderNetwork Declare(ParameterLayout layout, Shape input, ModelOptions options, TrainingMode mode)
    {
        const string Name = "p0";
        var outputs = options.Likelihood.Outputs(options.Features);
        if (outputs < 1) throw new OrnsteinException($"the likelihood '{options.Likelihood.Name}' reads {outputs} numbers of the decoder; it must read at least 1.");
        // So many channels of the data's size where that comes out even, else a vector.
        var pixels = options.Features / options.Data.Axes[0];
        var shape = outputs % pixels == 0 ? new Shape([outputs / pixels, .. options.Data.Axes.Skip(1)]) : outputs;
        var network = PlacedNetwork.Declare(layout, options.Networks, new NetworkPlace(Name, NetworkRole.Decoder, 0, input, shape) { IsTop = options.Layers == 1, Latent = options.Latents[0], IsOfLadder = options.Inference == InferenceKind.Ladder }, mode);
        var own = new OwnParameters(layout, Name, $"the likelihood '{options.Likelihood.Name}'", options.Likelihood.Parameters, mode);
        return new DecoderNetwork(network, options, own);
    }

    /// <summary>Asks the likelihood for a few rows.</summary>
    /// <exception cref="OrnsteinException">It fails, or gives another shape than it must.</exception>
    public void Try(StackParameters parameters)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        try
        {
            NegativeLogLikelihood(parameters, zeros(1, 2, _features), zeros(parameters.Members, 2, Network.Place.Input.Units));
        }
        catch (Exception error) when (PartFailure.IsOwn(error))
        {
            throw PartFailure.Of($"the likelihood '{_likelihood.Name}' fails at its first call", error);
        }
    }

    /// <summary>Expected data, [members, rows, features].</summary>
    public Tensor Mean(StackParameters parameters, Tensor z)
    {
        var mean = _likelihood.Mean(Network.Forward(parameters, z));
        RequireShape("mean", mean, [.. z.shape[..^1], _features]);
        return mean;
    }

    /// <summary>Data drawn from p(x | z), [members, rows, features].</summary>
    public Tensor Sample(StackParameters parameters, Tensor z, StackNoise noise, string place)
    {
        var drawn = _likelihood.Sample(Network.Forward(parameters, z), _own.Of(parameters), noise, place);
        RequireShape("sample", drawn, [.. z.shape[..^1], _features]);
        return drawn;
    }

    /// <summary>-log p(x | z) summed over features, nats, [members, rows].</summary>
    public Tensor NegativeLogLikelihood(StackParameters parameters, Tensor x, Tensor z)
    {
        var value = _likelihood.LogProbability(x, Network.Forward(parameters, z), _own.Of(parameters));
        RequireShape("log-probability", value, z.shape[..^1]);
        return -value;
    }

    // Else a wrong sum or broadcast would train on, silently.
    private void RequireShape(string what, Tensor value, long[] expected)
    {
        if (value.shape.SequenceEqual(expected)) return;
        throw new OrnsteinException(
            $"the likelihood '{_likelihood.Name}' gives a {what} of shape [{string.Join(", ", value.shape)}], where [{string.Join(", ", expected)}] is needed.");
    }
}
