using Ornstein.Batching;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// Where the decoder's output begins. At zero every pixel has probability one half, and all of the decoder's hidden units are first moved together to
/// make the image dark: tanh saturates on the way, and what q tells is noise meanwhile. From the mean of the data on, the units have only what differs
/// between images to learn. Burda et al. 2016 do so in the program that they published.
/// </summary>
public static class OutputBias
{
    /// <summary>Sets the biases of the output of every member, so that a decoder whose weights are zero gives the mean of the data.</summary>
    /// <param name="vae">A stack that was not trained yet.</param>
    /// <param name="data">The training data; of rows that are binarized afresh the intensities, which are the mean of the draws.</param>
    /// <exception cref="OrnsteinException">The data have another number of features.</exception>
    public static void FromMean(HierarchicalVae vae, DataRows data)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(data);
        if (data.Features != vae.Options.Features)
            throw new OrnsteinException($"data have {data.Features} features and the model {vae.Options.Features}; they must be the same.");
        var bias = vae.Options.Likelihood.OutputOf(data.Mean());
        var outputs = vae.Options.Likelihood.Outputs(data.Features);
        if (bias.Length != outputs)
            throw new OrnsteinException($"the likelihood '{vae.Options.Likelihood.Name}' gives {bias.Length} outputs for a mean, where its decoder has {outputs}.");
        var decoder = vae.Networks.Decoder.Network;
        if (decoder.Network.OutputBias is not { } name)
            throw new OrnsteinException($"the decoder of the networks '{vae.Options.Networks.Name}' names no bias of its output that could begin at the mean of the data; begin at zero.");
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var block = vae.Parameters.Block(vae.Parameters.Values, decoder.Entry(name)).flatten(1);
        block.copy_(tensor(bias, [1, bias.Length], ScalarType.Float32).expand(block.shape));
    }
}
