using Ornstein.Gaussians;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// A stack of hierarchical VAEs of one architecture. Layer i of L has p(z_i | z_{i+1}) and q(z_i | z_{i-1}), diagonal Gaussians
/// whose mean and standard deviation are networks of the layer that conditions them (Pervez and Gavves, section 1); the functions
/// between stochastic layers can be smoothed, with a rho of each member's own.
/// </summary>
/// <remarks>Link i joins z_{i+1} and z_{i+2}: its rho smooths p(z_{i+1} | z_{i+2}) and, as an option, q(z_{i+2} | z_{i+1}).</remarks>
public sealed class HierarchicalVae : IDisposable
{
    private readonly GaussianNetwork[] _q;   // q(z_{i+1} | z_i), with x in the place of z_0
    private readonly GaussianNetwork[] _p;   // p(z_{i+1} | z_{i+2})
    private readonly DecoderNetwork _decoder;
    private readonly SmoothingOperator[] _operators; // one per link

    /// <summary>A stack at its initial parameters.</summary>
    /// <param name="options">The architecture all members share.</param>
    /// <param name="members">Rho and seed of every member.</param>
    /// <param name="smoothing">What is smoothed, and how.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or a member has another number of rhos than there are links.</exception>
    public HierarchicalVae(ModelOptions options, IReadOnlyList<Member> members, SmoothingOptions smoothing)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(smoothing);
        options.Validate();
        smoothing.Validate();
        if (members.Count == 0) throw new OrnsteinException("a stack needs at least one member.");
        var links = options.Layers - 1;
        foreach (var member in members)
        {
            if (member.Rho.Count != 1 && member.Rho.Count != links)
            {
                throw new OrnsteinException($"a member has {member.Rho.Count} rhos and the model {links} links; give one rho, or one per link.");
            }
        }

        // The layer that a smoothed network reads: z_{link+2} on the way down, z_{link+1} on the way up.
        for (var link = 0; link < links; link++)
        {
            if (members.All(member => member.RhoOf(link) == 1)) continue;
            if (smoothing.Networks.HasFlag(SmoothedNetworks.P)) smoothing.RequireUnits(options.Latents[link + 1]);
            if (smoothing.Networks.HasFlag(SmoothedNetworks.Q)) smoothing.RequireUnits(options.Latents[link]);
        }

        Options = options;
        Members = [.. members];
        Smoothing = smoothing;
        var layout = new ParameterLayout();
        _q = [.. Enumerable.Range(0, options.Layers).Select(i => DeclareInference(layout, options, i))];
        _p = [.. Enumerable.Range(0, links).Select(i => DeclareGenerative(layout, options, i))];
        _decoder = DecoderNetwork.Declare(layout, "p0", [options.Latents[0], .. HiddenOf(options, 0)], options);
        RequireMemory(layout, members.Count);
        Parameters = new StackParameters(layout, members);
        Seeds = new StackSeeds(members);
        _operators = [.. Enumerable.Range(0, links).Select(
            link => new SmoothingOperator([.. members.Select(member => member.RhoOf(link))], smoothing))];
    }

    /// <summary>The architecture.</summary>
    public ModelOptions Options { get; }

    /// <summary>Rho and seed of every member.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>What is smoothed, and how.</summary>
    public SmoothingOptions Smoothing { get; }

    /// <summary>Parameters and gradients of all members.</summary>
    public StackParameters Parameters { get; }

    /// <summary>The distinct seeds of the stack.</summary>
    public StackSeeds Seeds { get; }

    /// <summary>q(z1 | x), then q(z_{i+1} | z_i).</summary>
    internal IReadOnlyList<GaussianNetwork> InferenceNetworks => _q;

    /// <summary>p(z_i | z_{i+1}), that of z1 first.</summary>
    internal IReadOnlyList<GaussianNetwork> GenerativeNetworks => _p;

    /// <summary>p(x | z1).</summary>
    internal DecoderNetwork Decoder => _decoder;

    /// <summary>Passes data up through q, one sample per datum and layer.</summary>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="noise">Where the samples and inner draws come from.</param>
    public InferencePass Infer(Tensor x, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(noise);
        var layers = new DiagonalGaussian[Options.Layers];
        var samples = new Tensor[Options.Layers];
        for (var i = 0; i < Options.Layers; i++)
        {
            layers[i] = i == 0
                ? _q[0].Forward(Parameters, x.expand(Members.Count, -1, -1))
                : Conditional(SmoothedNetworks.Q, _q[i], i - 1, layers[i - 1], samples[i - 1], noise, $"smooth.q{i + 1}");
            samples[i] = layers[i].Sample(noise.Normal($"z{i + 1}", x.shape[1], Options.Latents[i]));
        }

        return new InferencePass(layers, samples);
    }

    /// <summary>-log p(x | z1) at the samples of a pass, nats, [members, batch].</summary>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="pass">A pass of these data through q.</param>
    public Tensor Reconstruction(Tensor x, InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return _decoder.NegativeLogLikelihood(Parameters, x, pass.Samples[0]);
    }

    /// <summary>
    /// Terms of the smoothed objective, the one that is trained: p(z_i | z_{i+1}) is smoothed in the coordinates of q's Gaussian of
    /// z_{i+1}. Not a bound on log p(x) at rho below 1.
    /// </summary>
    /// <returns>KL of every layer, z1 first, each nats, [members, batch].</returns>
    public IReadOnlyList<Tensor> SmoothedKl(InferencePass pass, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return KlOfLayers(pass, Smoothed(pass, noise));
    }

    /// <summary>The terms of <see cref="SmoothedKl"/> unit by unit.</summary>
    /// <returns>KL of every unit of every layer, z1 first, each nats, [members, batch, units].</returns>
    public IReadOnlyList<Tensor> SmoothedKlPerUnit(InferencePass pass, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return KlOfUnits(pass, Smoothed(pass, noise));
    }

    /// <summary>
    /// The KLs of the unsmoothed model (rho = 1 in p); with the reconstruction they make a true bound on log p(x). Where q is smoothed, it
    /// is the smoothed q that bounds.
    /// </summary>
    /// <param name="pass">A pass through q.</param>
    /// <returns>KL of every layer, z1 first, each nats, [members, batch].</returns>
    public IReadOnlyList<Tensor> UnsmoothedKl(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return KlOfLayers(pass, i => _p[i].Forward(Parameters, pass.Samples[i + 1]));
    }

    /// <summary>The terms of <see cref="UnsmoothedKl"/> unit by unit.</summary>
    /// <returns>KL of every unit of every layer, z1 first, each nats, [members, batch, units].</returns>
    public IReadOnlyList<Tensor> UnsmoothedKlPerUnit(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return KlOfUnits(pass, i => _p[i].Forward(Parameters, pass.Samples[i + 1]));
    }

    /// <summary>
    /// log q(z | x) - log p(z) of the unsmoothed model at the samples of a pass, summed over layers. Its mean differs from that of the
    /// summed <see cref="UnsmoothedKl"/>: a KL integrates over z_i with z_{i+1} held fixed, although z_{i+1} was drawn given z_i, which
    /// leaves out what the two have in common and makes the bound looser.
    /// </summary>
    /// <param name="pass">A pass through q.</param>
    /// <returns>Nats, [members, batch].</returns>
    public Tensor LogRatio(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return LogRatio(pass, (link, _) => _p[link].Forward(Parameters, pass.Samples[link + 1]));
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
        return LogRatio(pass, (link, above) =>
            Conditional(SmoothedNetworks.P, _p[link], link, above, pass.Samples[link + 1], noise, $"generative.p{link + 1}"));
    }

    /// <summary>p(z_{link+1} | z_{link+2}) as the network gives it, unsmoothed; link 0 reads z2.</summary>
    /// <param name="link">Which link, from 0 to the number of layers - 2.</param>
    /// <param name="z">z_{link+2}, [members, rows, units].</param>
    public DiagonalGaussian Generative(int link, Tensor z) => _p[link].Forward(Parameters, z);

    /// <summary>p of layer link + 1 given all layers above it, as the network gives it, unsmoothed; link 0 is of z1.</summary>
    /// <param name="link">Which link, from 0 to the number of layers - 2.</param>
    /// <param name="samples">z1 first, each [members, rows, units]; entries up to and with the link's are not read and may be null.</param>
    public DiagonalGaussian Generative(int link, IReadOnlyList<Tensor> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return _p[link].Forward(Parameters, samples[link + 1]);
    }

    /// <summary>q(z_{layer+1} | z_layer) as the network gives it, unsmoothed; layer 0 reads x, layer 1 reads z1.</summary>
    /// <param name="layer">Which layer, from 0 to the number of layers - 1.</param>
    /// <param name="z">What the layer reads, [members, rows, units].</param>
    public DiagonalGaussian Inference(int layer, Tensor z) => _q[layer].Forward(Parameters, z);

    /// <summary>p(z_{link+1} | z_{link+2}) as it is trained: smoothed in the coordinates of a layer's Gaussian.</summary>
    /// <param name="link">Which link, from 0 to the number of layers - 2.</param>
    /// <param name="layer">q's Gaussian of z_{link+2}, [members, batch, units].</param>
    /// <param name="z">z_{link+2}, [members, batch, units].</param>
    /// <param name="noise">Where the inner draws come from.</param>
    public DiagonalGaussian SmoothedGenerative(int link, DiagonalGaussian layer, Tensor z, StackNoise noise) =>
        Conditional(SmoothedNetworks.P, _p[link], link, layer, z, noise, $"smooth.p{link + 1}");

    /// <summary>
    /// Samples from the smoothed generative model, from the top down; each layer is smoothed in the coordinates of p's own Gaussian.
    /// </summary>
    /// <param name="count">Number of samples per member.</param>
    /// <param name="noise">Where the samples come from.</param>
    /// <returns>Expected data given z1: probabilities or means, [members, count, features].</returns>
    public Tensor Sample(int count, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var top = Options.Layers - 1;
        var shape = new long[] { Members.Count, count, Options.Latents[top] };
        var layer = new DiagonalGaussian(zeros(shape), ones(shape));
        var z = layer.Sample(noise.Normal($"sample.z{top + 1}", count, Options.Latents[top]));
        for (var link = top - 1; link >= 0; link--)
        {
            layer = Conditional(SmoothedNetworks.P, _p[link], link, layer, z, noise, $"sample.p{link + 1}");
            z = layer.Sample(noise.Normal($"sample.z{link + 1}", count, Options.Latents[link]));
        }

        return _decoder.Mean(Parameters, z);
    }

    /// <summary>Expected data given z1, [members, rows, features]: probabilities or means.</summary>
    public Tensor Decode(Tensor z1) => _decoder.Mean(Parameters, z1);

    /// <summary>Expected data given all layers, [members, rows, features]: probabilities or means.</summary>
    /// <param name="samples">z1 first, each [members, rows, units].</param>
    public Tensor Decode(IReadOnlyList<Tensor> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return _decoder.Mean(Parameters, samples[0]);
    }

    /// <summary>-log p(x | z) given all layers, nats, [members, batch].</summary>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="samples">z1 first, each [members, batch, units].</param>
    public Tensor Reconstruction(Tensor x, IReadOnlyList<Tensor> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return _decoder.NegativeLogLikelihood(Parameters, x, samples[0]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Seeds.Dispose();
        foreach (var smoothing in _operators) smoothing.Dispose();
    }

    // Values, gradients and two moments: asked for before libtorch is, whose own answer is a page of its stack.
    private static void RequireMemory(ParameterLayout layout, int members)
    {
        var (needed, available) = (16.0 * layout.Length * members, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed <= available) return;
        throw new OrnsteinException(
            $"the model has {layout.Count:N0} parameters, which takes {needed / 1e9:F1} GB for {members} members, and there are "
            + $"{available / 1e9:F1} GB; give smaller latents or hidden layers.");
    }

    // From the top down; `generative` gives p of the lower layer of a link from p of the layer above it.
    private Tensor LogRatio(InferencePass pass, Func<int, DiagonalGaussian, DiagonalGaussian> generative)
    {
        var top = Options.Layers - 1;
        var p = new DiagonalGaussian(zeros_like(pass.Samples[top]), ones_like(pass.Samples[top]));
        var ratio = pass.Layers[top].LogDensity(pass.Samples[top]) - p.LogDensity(pass.Samples[top]);
        for (var link = top - 1; link >= 0; link--)
        {
            p = generative(link, p);
            ratio += pass.Layers[link].LogDensity(pass.Samples[link]) - p.LogDensity(pass.Samples[link]);
        }

        return ratio;
    }

    private Tensor[] KlOfLayers(InferencePass pass, Func<int, DiagonalGaussian> generative)
    {
        var top = Options.Layers - 1;
        var kl = new Tensor[Options.Layers];
        for (var i = 0; i < top; i++) kl[i] = KlDivergence.Between(pass.Layers[i], generative(i));
        kl[top] = KlDivergence.FromStandard(pass.Layers[top]);
        return kl;
    }

    private static Tensor[] KlOfUnits(InferencePass pass, Func<int, DiagonalGaussian> generative) =>
    [
        .. pass.Layers.Select((q, i) => i == pass.Layers.Count - 1
            ? KlDivergence.FromStandardPerUnit(q)
            : KlDivergence.BetweenPerUnit(q, generative(i))),
    ];

    private Func<int, DiagonalGaussian> Smoothed(InferencePass pass, StackNoise noise) => i => Conditional(
        SmoothedNetworks.P, _p[i], i, pass.Layers[i + 1], pass.Samples[i + 1], noise, $"smooth.p{i + 1}");

    private DiagonalGaussian Conditional(
        SmoothedNetworks kind, GaussianNetwork network, int link, DiagonalGaussian layer, Tensor z, StackNoise noise, string place) =>
        Smoothing.Networks.HasFlag(kind)
            ? _operators[link].Apply(points => network.Forward(Parameters, points), layer, z, noise, place, Options.IsLinear)
            : network.Forward(Parameters, z);

    private static GaussianNetwork DeclareInference(ParameterLayout layout, ModelOptions options, int i)
    {
        var inputs = i == 0 ? options.Features : options.Latents[i - 1];
        return GaussianNetwork.Declare(
            layout, $"q{i + 1}", [inputs, .. HiddenOf(options, i)], options.Latents[i], options.Activation, options.IsLinear);
    }

    private static GaussianNetwork DeclareGenerative(ParameterLayout layout, ModelOptions options, int i) => GaussianNetwork.Declare(
        layout, $"p{i + 1}", [options.Latents[i + 1], .. HiddenOf(options, i + 1)], options.Latents[i], options.Activation, options.IsLinear);

    private static IEnumerable<int> HiddenOf(ModelOptions options, int layer) =>
        options.IsLinear ? [] : Enumerable.Repeat(options.Hidden[layer], options.HiddenLayers);
}
