using Ornstein.Gaussians;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>The generative side: p of every layer, smoothed or not, and samples from the top down.</summary>
public sealed partial class HierarchicalVae
{
    /// <summary>
    /// log q(z | x) - log p(z) of the unsmoothed model at the samples of a pass, summed over layers. In a chain its mean differs from that of the
    /// summed <see cref="UnsmoothedKl"/>: a KL integrates over z_i with z_{i+1} held fixed, although z_{i+1} was drawn given z_i, which
    /// leaves out what the two have in common and makes the bound looser.
    /// </summary>
    /// <param name="pass">A pass through q.</param>
    /// <returns>Nats, [members, batch].</returns>
    public Tensor LogRatio(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return LogRatio(pass, (link, _) => Generative(link, pass.Samples));
    }

    /// <summary>
    /// log q(z | x) - log p(z) of the smoothed generative model at the samples of a pass: every p(z_i | z_{i+1}) is smoothed in the
    /// coordinates of p's own Gaussian of z_{i+1}, which depends on all layers above (a valid model, not a Markov chain). With K inner draws
    /// the model is the mixture over draws that <see cref="Sample"/> samples from.
    /// </summary>
    /// <param name="pass">A pass through q.</param>
    /// <param name="noise">Where the inner draws come from.</param>
    /// <returns>Nats, [members, batch].</returns>
    public Tensor SmoothedGenerativeLogRatio(InferencePass pass, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(noise);
        return LogRatio(pass, (link, above) => Smoothed(link, above, pass.Samples, noise, $"generative.p{link + 1}"));
    }

    /// <summary>p(z_{link+1} | z_{link+2}) as the network gives it, unsmoothed; link 0 reads z2.</summary>
    /// <param name="link">Which link, from 0 to the number of layers - 2.</param>
    /// <param name="z">What the network reads, [members, rows, units]: z_{link+2}, and side by side all above it with generative skips.</param>
    public DiagonalGaussian Generative(int link, Tensor z) => Networks.P[link].Forward(Parameters, z);

    /// <summary>p(z_{link+1} | layers above) as the network gives it, unsmoothed.</summary>
    /// <param name="link">Which link, from 0 to the number of layers - 2.</param>
    /// <param name="samples">All layers, z1 first, each [members, rows, units]; those at or below the link are not read.</param>
    public DiagonalGaussian Generative(int link, IReadOnlyList<Tensor> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Generative(link, Networks.Read(samples, link + 1));
    }

    /// <summary>q(z_{layer+1} | z_layer), unsmoothed; layer 0 reads x, layer 1 reads z1.</summary>
    /// <param name="layer">Which layer, from 0 to the number of layers - 1.</param>
    /// <param name="z">What the layer reads, [members, rows, units].</param>
    /// <exception cref="InvalidOperationException">Above the first layer, where the model is not Markov: there is no such network.</exception>
    public DiagonalGaussian Inference(int layer, Tensor z)
    {
        if ((layer > 0 || Options.Inference != InferenceKind.Chain) && !IsMarkov)
            throw new InvalidOperationException("q of a layer reads more than the layer below.");
        var q = Networks.Q[layer].Forward(Parameters, z);
        return layer == Options.Layers - 1 ? Capped(q) : q;
    }

    /// <summary>p(z_{link+1} | z_{link+2}) as it is trained: smoothed in the coordinates of a layer's Gaussian.</summary>
    /// <param name="link">Which link, from 0 to the number of layers - 2.</param>
    /// <param name="layer">q's Gaussian of what the network reads, [members, batch, units].</param>
    /// <param name="z">What the network reads, [members, batch, units].</param>
    /// <param name="noise">Where the inner draws come from.</param>
    public DiagonalGaussian SmoothedGenerative(int link, DiagonalGaussian layer, Tensor z, StackNoise noise) => Smooth(
        SmoothedNetworks.P, Networks.P[link], points => Networks.P[link].Forward(Parameters, points), link, layer, z, noise, $"smooth.p{link + 1}");

    /// <summary>
    /// Samples from the smoothed generative model, from the top down; each layer is smoothed in the coordinates of p's own Gaussian.
    /// </summary>
    /// <param name="count">Number of samples per member.</param>
    /// <param name="noise">Where the samples come from.</param>
    /// <returns>Expected data given z1: probabilities or means, [members, count, features].</returns>
    public Tensor Sample(int count, StackNoise noise) => Decode(SampleLayers(count, noise));

    /// <summary>Data drawn from the smoothed generative model: those of <see cref="Sample"/> with the noise of p(x | z1), which is drawn at <c>sample.x</c>.</summary>
    /// <param name="count">Number of samples per member.</param>
    /// <param name="noise">Where the samples come from.</param>
    /// <returns>[members, count, features].</returns>
    /// <exception cref="OrnsteinException">The likelihood does not say how its data are drawn.</exception>
    public Tensor SampleData(int count, StackNoise noise) =>
        Networks.Decoder.Sample(Parameters, Networks.Read(SampleLayers(count, noise), 0), noise, "sample.x");

    /// <summary>log p(z_L) of the prior, nats, [members, rows].</summary>
    /// <param name="z">Points of the top layer, [members, rows, units].</param>
    public Tensor LogPrior(Tensor z)
    {
        ArgumentNullException.ThrowIfNull(z);
        return Networks.Prior.LogDensity(this, z);
    }

    /// <summary>Expected data given z1, [members, rows, features]: probabilities or means.</summary>
    /// <param name="z1">What the decoder reads: z1, and side by side all above it with generative skips.</param>
    public Tensor Decode(Tensor z1) => Networks.Decoder.Mean(Parameters, z1);

    /// <summary>Expected data given samples of all layers, [members, rows, features]: probabilities or means.</summary>
    /// <param name="samples">z1 first, each [members, rows, units]; those that the decoder does not read do not count.</param>
    public Tensor Decode(IReadOnlyList<Tensor> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Decode(Networks.Read(samples, 0));
    }

    /// <summary>p as it is trained, at the samples of a pass.</summary>
    internal DiagonalGaussian SmoothedGenerative(int link, InferencePass pass, StackNoise noise) =>
        pass.Generative?[link] ?? SmoothedGenerative(link, pass.Layers, pass.Samples, noise);

    /// <summary>p as it is trained, in the coordinates of q's Gaussians of the layers above.</summary>
    internal DiagonalGaussian SmoothedGenerative(
        int link, IReadOnlyList<DiagonalGaussian> layers, IReadOnlyList<Tensor> samples, StackNoise noise) =>
        Smoothed(link, layers, samples, noise, $"smooth.p{link + 1}");

    private DiagonalGaussian Smoothed(
        int link, IReadOnlyList<DiagonalGaussian> layers, IReadOnlyList<Tensor> samples, StackNoise noise, string place) => Smooth(
        SmoothedNetworks.P, Networks.P[link], points => Networks.P[link].Forward(Parameters, points), link,
        Networks.Read(layers, link + 1), Networks.Read(samples, link + 1), noise, place);

    private Tensor[] SampleLayers(int count, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var (layers, samples, top) = (new DiagonalGaussian[Options.Layers], new Tensor[Options.Layers], Options.Layers - 1);
        layers[top] = Networks.Prior.Gaussian(this, count);
        samples[top] = Networks.Prior.Sample(this, count, noise, $"sample.z{top + 1}").expand(Members.Count, -1, -1).contiguous();
        for (var i = top - 1; i >= 0; i--)
        {
            layers[i] = Smoothed(i, layers, samples, noise, $"sample.p{i + 1}");
            samples[i] = layers[i].Sample(noise.Normal($"sample.z{i + 1}", count, Options.Latents[i].Units));
        }

        return samples;
    }

    // From the top down; `generative` gives p of the lower layer of a link from p of the layers above it.
    private Tensor LogRatio(InferencePass pass, Func<int, IReadOnlyList<DiagonalGaussian>, DiagonalGaussian> generative)
    {
        var top = Options.Layers - 1;
        var p = new DiagonalGaussian[Options.Layers];
        p[top] = Networks.Prior.Gaussian(this, pass.Samples[top].shape[1]);
        var ratio = pass.Layers[top].LogDensity(pass.Samples[top]) - LogPrior(pass.Samples[top]);
        for (var link = top - 1; link >= 0; link--)
        {
            p[link] = generative(link, p);
            ratio = ratio.Plus(pass.Layers[link].LogDensity(pass.Samples[link]) - p[link].LogDensity(pass.Samples[link]));
        }

        return ratio;
    }
}
