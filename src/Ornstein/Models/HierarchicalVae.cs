using Ornstein.Gaussians;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>
/// A stack of hierarchical VAEs of one architecture. Layer i of L has p(z_i | z_{i+1}) and q(z_i | z_{i-1}), diagonal Gaussians
/// whose mean and standard deviation are networks of the layer that conditions them (Pervez and Gavves, section 1); the functions
/// between stochastic layers can be smoothed, with a rho of each member's own.
/// </summary>
/// <remarks>Link i joins z_{i+1} and z_{i+2}: its rho smooths p(z_{i+1} | z_{i+2}) and, as an option, q(z_{i+2} | z_{i+1}).</remarks>
public sealed partial class HierarchicalVae : IDisposable
{
    private readonly Dictionary<int, HierarchicalVae> _single = [];
    private readonly TopLimits? _limits;
    private readonly HierarchicalVae? _processor; // of a stack on a device
    private SmoothingOperator[] _operators; // one per link
    private HierarchicalVae? _unsmoothed; // over the same parameters

    /// <summary>A stack at its initial parameters.</summary>
    /// <param name="options">The architecture all members share.</param>
    /// <param name="members">Rho, seed and remedies of every member.</param>
    /// <param name="smoothing">What is smoothed, and how.</param>
    /// <param name="device">Where it is trained (<see cref="Devices.Of"/>); null for the processor. Its initial values are the same everywhere.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, remedies do not go together, or a member has another number of rhos than there are links.</exception>
    public HierarchicalVae(ModelOptions options, IReadOnlyList<Member> members, SmoothingOptions smoothing, Device? device = null)
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

        options.Prior.Validate(options, smoothing);
        foreach (var member in members) member.Remedy.Validate(options, smoothing);
        Options = options;
        Members = [.. members];
        Smoothing = smoothing;
        var layout = new ParameterLayout();
        Networks = new ModelNetworks(layout, options);
        RemedyRules.Require([.. options.Prior.Needs, .. members.SelectMany(member => member.Remedy.Parts).SelectMany(part => part.Needs)], Networks);
        RequireUnits();
        if (!layout.Entries.Any(entry => entry.IsTrained)) throw new OrnsteinException($"the networks '{options.Networks.Name}' have no parameter that is trained.");
        RequireMemory(layout, members.Count);
        Parameters = new StackParameters(layout, members);
        foreach (var network in Networks.All) network.Try(Parameters);
        Networks.Decoder.Try(Parameters);
        if (device is not null && device.type != DeviceType.CPU)
        {
            _processor = new HierarchicalVae(this, Parameters);
            Parameters = new StackParameters(Parameters, device);
        }

        Seeds = new StackSeeds(members, device);
        Rho = [.. members.Select(member => Enumerable.Range(0, links).Select(member.RhoOf).ToArray())];
        _operators = OperatorsOf(Rho);
        _limits = TopLimits.Of(Members);
    }

    // A member of a stack as a stack of its own, over the same parameters.
    private HierarchicalVae(HierarchicalVae stack, int member)
    {
        (Options, Members, Smoothing, Networks) = (stack.Options, [stack.Members[member]], stack.Smoothing, stack.Networks);
        (Parameters, Seeds, Rho) = (stack.Parameters.Single(member), new StackSeeds(Members, stack.Seeds.Device), [stack.Rho[member]]);
        _operators = OperatorsOf(Rho);
        _limits = TopLimits.Of(Members);
    }

    // A stack without smoothing, over the same parameters.
    private HierarchicalVae(HierarchicalVae stack)
    {
        (Options, Members, Smoothing, Networks, Parameters, Seeds, _limits) = (stack.Options, stack.Members, stack.Smoothing, stack.Networks, stack.Parameters, stack.Seeds, stack._limits);
        Rho = [.. stack.Rho.Select(links => links.Select(_ => 1.0).ToArray())];
        _operators = OperatorsOf(Rho);
    }

    // A stack of a device on the processor.
    private HierarchicalVae(HierarchicalVae stack, StackParameters parameters)
    {
        (Options, Members, Smoothing, Networks) = (stack.Options, stack.Members, stack.Smoothing, stack.Networks);
        (Parameters, Seeds, Rho, _operators) = (parameters, new StackSeeds(Members), [], []);
        _limits = TopLimits.Of(Members);
    }

    /// <summary>The architecture.</summary>
    public ModelOptions Options { get; }

    /// <summary>
    /// Whether the reconstruction and the KLs of single layers make a bound on log p(x). Not where networks of p read several layers and q is a chain: each KL is an expectation over the
    /// layers above alone, which are then not those of one joint law (docs/theory.md, "The KL form is a bound").
    /// </summary>
    public bool IsKlFormABound => Options.Inference != InferenceKind.Chain || !Options.Skip.HasFlag(SkipConnections.Generative);

    /// <summary>Rho and seed of every member.</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>What is smoothed, and how.</summary>
    public SmoothingOptions Smoothing { get; }

    /// <summary>Parameters and gradients of all members.</summary>
    public StackParameters Parameters { get; }

    /// <summary>The distinct seeds of the stack.</summary>
    public StackSeeds Seeds { get; }

    /// <summary>
    /// Whether every layer of p reads only the next above and every layer of q only the next below: no ladder, no skip connections. What looks
    /// at a single link (parts of a KL, shares of signal, harmonics) is defined for these models.
    /// </summary>
    public bool IsMarkov => Options is { Inference: InferenceKind.Chain, Skip: SkipConnections.None };

    /// <summary>Throws where the model is not Markov.</summary>
    /// <param name="what">What looks at a single link, in the plural.</param>
    /// <exception cref="OrnsteinException">Names it and what of the model it does not fit.</exception>
    internal void RequireMarkov(string what)
    {
        if (IsMarkov) return;
        var why = Options.Inference switch
        {
            InferenceKind.Chain => "connections that skip layers",
            InferenceKind.Ladder => "a ladder, whose q of a layer reads the layers above",
            _ => throw new InvalidOperationException($"{Options.Inference} is no kind of inference."),
        };
        throw new OrnsteinException($"{what} are those of one layer given the next, and are not defined for {why}; take a plain chain of layers.");
    }

    /// <summary>The networks.</summary>
    internal ModelNetworks Networks { get; }

    /// <summary>Smoothing parameter of every link of every member as it stands, [members][links]: annealing moves it.</summary>
    internal double[][] Rho { get; private set; }

    /// <summary>Takes rho to a moment of the training: that of members whose remedies move it.</summary>
    /// <param name="clock">The moment; <see cref="TrainingClock.End"/> for a trained stack.</param>
    public void AnnealTo(TrainingClock clock)
    {
        var links = Options.Layers - 1;
        double[][] rho = [.. Members.Select(member => Enumerable.Range(0, links).Select(link => member.RhoOf(link, links, clock)).ToArray())];
        TakeRho(rho);
    }

    /// <summary>
    /// The stack on the processor, as it stands now: itself where it is there, else a copy that this call brings up to date. Whatever measures, samples or draws
    /// takes this one: a device is for training steps.
    /// </summary>
    public HierarchicalVae OnProcessor()
    {
        if (_processor is null) return this;
        _processor.Parameters.Take(Parameters);
        _processor.TakeRho(Rho);
        return _processor;
    }

    /// <summary>Draws every layer from q, one sample per datum and layer: from the data up, or as a ladder does.</summary>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="noise">Where the samples and inner draws come from.</param>
    public InferencePass Infer(Tensor x, StackNoise noise)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(noise);
        return Infer(x, FromData(x), noise);
    }

    /// <summary>What the data alone give, for several passes of the same data (<see cref="IInference.FromData"/>).</summary>
    internal DiagonalGaussian[] FromData(Tensor x) => Networks.Inference.FromData(this, x);

    /// <summary><see cref="Infer(Tensor, StackNoise)"/> with what the data give at hand.</summary>
    internal InferencePass Infer(Tensor x, IReadOnlyList<DiagonalGaussian> fromData, StackNoise noise) => Networks.Inference.Infer(this, x, fromData, noise);

    /// <summary>-log p(x | z1) at the samples of a pass, nats, [members, batch].</summary>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="pass">A pass of these data through q.</param>
    public Tensor Reconstruction(Tensor x, InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return Reconstruction(x, pass.Samples);
    }

    /// <summary>-log p(x | z1) at samples of all layers, of which only those that the decoder reads count, nats, [members, batch].</summary>
    /// <param name="x">Data, [members or 1, batch, features].</param>
    /// <param name="samples">z1 first, each [members, batch, units].</param>
    public Tensor Reconstruction(Tensor x, IReadOnlyList<Tensor> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Networks.Decoder.NegativeLogLikelihood(Parameters, x, Networks.Read(samples, 0));
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
    /// The KLs of the unsmoothed model (rho = 1 in p); with the reconstruction they make a true bound on log p(x) where <see cref="IsKlFormABound"/>. Where q is
    /// smoothed, it is the smoothed q that bounds.
    /// </summary>
    /// <param name="pass">A pass through q.</param>
    /// <returns>KL of every layer, z1 first, each nats, [members, batch].</returns>
    public IReadOnlyList<Tensor> UnsmoothedKl(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return KlOfLayers(pass, i => Generative(i, pass.Samples));
    }

    /// <summary>The terms of <see cref="UnsmoothedKl"/> unit by unit.</summary>
    /// <returns>KL of every unit of every layer, z1 first, each nats, [members, batch, units].</returns>
    public IReadOnlyList<Tensor> UnsmoothedKlPerUnit(InferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return KlOfUnits(pass, i => Generative(i, pass.Samples));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _processor?.Dispose();
        _unsmoothed?.DisposeOwn();
        DisposeOwn();
        Parameters.Dispose();
        Seeds.Dispose();
    }

    // What is not shared with a stack over the same parameters.
    private void DisposeOwn()
    {
        foreach (var single in _single.Values) single.Dispose();
        foreach (var smoothing in _operators) smoothing.Dispose();
    }

    /// <summary>q's Gaussian of the top layer within what remedies limit it to (<see cref="IRemedy.LimitTop"/>).</summary>
    internal DiagonalGaussian Capped(DiagonalGaussian layer) => _limits?.Apply(layer) ?? layer;

    /// <summary>A function of a layer, smoothed with a link's rho where networks of this kind are.</summary>
    internal DiagonalGaussian Smooth(
        SmoothedNetworks kind, GaussianNetwork network, Func<Tensor, DiagonalGaussian> function, int link, DiagonalGaussian layer, Tensor z, StackNoise noise,
        string place) =>
        Smoothing.Networks.HasFlag(kind) ? _operators[link].Apply(function, layer, z, noise, place, network.IsAffine) : function(z);

    /// <summary>
    /// One member as a stack of its own, over the same parameters and gradients: what it computes, another stack with this member computes bit for bit.
    /// </summary>
    internal HierarchicalVae Single(int member)
    {
        if (!_single.TryGetValue(member, out var single)) _single.Add(member, single = new HierarchicalVae(this, member));
        return single;
    }

    /// <summary>
    /// What measures the unsmoothed model. q of a ladder contains p, which is smoothed as it is trained: held against the unsmoothed p, such a q is as far from it as smoothing moves
    /// p's mean, in units of p's width, and the width of a unit that tells nothing may be anything. So q is merged with the unsmoothed p there: a stack over the same parameters with
    /// rho 1. Any other is its own.
    /// </summary>
    internal HierarchicalVae Unsmoothed() => Options.Inference != InferenceKind.Ladder || Rho.All(links => links.All(rho => rho == 1)) ? this : _unsmoothed ??= new HierarchicalVae(this);

    // Values, gradients and two moments: asked for before libtorch is, whose own answer is a page of its stack.
    private static void RequireMemory(ParameterLayout layout, int members)
    {
        var (needed, available) = (16.0 * layout.Length * members, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed <= available) return;
        throw new OrnsteinException(
            $"the model has {layout.Count:N0} parameters, which takes {needed / 1e9:F1} GB for {members} members, and there are "
            + $"{available / 1e9:F1} GB; give smaller latents or hidden layers.");
    }

    // The layers that smoothed networks read: from z_{link+2} on the way down, z_{link+1} on the way up.
    private void RequireUnits()
    {
        for (var link = 0; link < Options.Layers - 1; link++)
        {
            if (!Members.Any(member => member.MaySmooth(link, Options.Layers - 1))) continue;
            if (Smoothing.Networks.HasFlag(SmoothedNetworks.P)) Smoothing.RequireUnits(Networks.ReadFrom(link + 1).Units);
            if (Smoothing.Networks.HasFlag(SmoothedNetworks.Q)) Smoothing.RequireUnits(Options.Latents[link].Units);
        }
    }

    private void TakeRho(double[][] rho)
    {
        if (rho.Length == Rho.Length && rho.Zip(Rho).All(pair => pair.First.SequenceEqual(pair.Second))) return;
        Rho = rho;
        foreach (var smoothing in _operators) smoothing.Dispose();
        _operators = OperatorsOf(Rho);
    }

    private SmoothingOperator[] OperatorsOf(double[][] rho) =>
        [.. Enumerable.Range(0, Options.Layers - 1).Select(link => new SmoothingOperator([.. rho.Select(links => links[link])], Smoothing, Seeds.Device))];

    private Tensor[] KlOfLayers(InferencePass pass, Func<int, DiagonalGaussian> generative)
    {
        var top = Options.Layers - 1;
        var kl = new Tensor[Options.Layers];
        for (var i = 0; i < top; i++) kl[i] = KlDivergence.Between(pass.Layers[i], generative(i));
        kl[top] = Networks.Prior.Kl(this, pass.Layers[top], pass.Samples[top]);
        return kl;
    }

    private Tensor[] KlOfUnits(InferencePass pass, Func<int, DiagonalGaussian> generative) =>
    [
        .. pass.Layers.Select((q, i) => i == pass.Layers.Count - 1
            ? Networks.Prior.KlPerUnit(this, q, pass.Samples[i])
            : KlDivergence.BetweenPerUnit(q, generative(i))),
    ];

    private Func<int, DiagonalGaussian> Smoothed(InferencePass pass, StackNoise noise) => link => SmoothedGenerative(link, pass, noise);
}
