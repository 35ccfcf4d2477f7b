using Ornstein.Kernels;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Smoothing;
using Ornstein.Steps.Networks;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>Lists the operations of a model's networks and plans their memory.</summary>
/// <param name="vae">The model.</param>
/// <param name="rows">Data of a batch.</param>
/// <param name="kind">What of the model's members it is for; a link that is not smoothed is simply called.</param>
/// <param name="scalars">Numbers of each member.</param>
/// <param name="withGradients">Whether what is computed will be differentiated: a training step, else a measurement.</param>
/// <param name="slice">Data that are worked on at a time; null for all.</param>
internal sealed class ProgramBuilder(HierarchicalVae vae, int rows, ProgramKind kind, StepScalars scalars, bool withGradients, int? slice = null)
{
    /// <summary>What it is for.</summary>
    public ProgramKind Kind => kind;

    /// <summary>The model.</summary>
    public HierarchicalVae Vae => vae;

    /// <summary>Whether what is computed will be differentiated.</summary>
    public bool WithGradients => withGradients;

    /// <summary>Where everything lies.</summary>
    public WorkspacePlan Memory { get; } = new(rows, slice ?? rows);

    /// <summary>What is done, in order.</summary>
    public List<IOperation> Operations { get; } = [];

    /// <summary>What is drawn before.</summary>
    public List<NoiseSource> Noise { get; } = [];

    /// <summary>Running means that a step moves.</summary>
    public List<RunningMean> Running { get; } = [];

    /// <summary>Numbers that are given or drawn, [1, rows, width].</summary>
    public Slot Given(int width) => Memory.AddWhole(width, draws: 1);

    /// <summary>A Gaussian that is given, [1, rows, width].</summary>
    public GaussianSlots GivenGaussian(int width) => new(Given(width), Given(width));

    /// <summary>A matrix that is computed, with a gradient where there are any.</summary>
    public Slot Computed(int width, int draws) => Memory.Add(width, draws, withGradients);

    /// <summary>Numbers that pass no gradient on.</summary>
    public Slot Plain(int width, int draws) => Memory.Add(width, draws, gradient: false);

    /// <summary>As many samples of a layer as a datum has, from the noise of a place.</summary>
    public Slot Sample(GaussianSlots layer, string place)
    {
        var (width, samples) = (layer.Mean.Width, Math.Max(kind.Samples, layer.Mean.Draws));
        var eps = Memory.AddWhole(width, samples);
        Noise.Add(NoiseSource.Standard(eps, place));
        var z = Computed(width, samples);
        Operations.Add(new SampleOperation(layer, eps, z));
        return z;
    }

    /// <summary>Several matrices side by side.</summary>
    public Slot Join(params Slot[] parts)
    {
        if (parts.Length == 1) return parts[0];
        var joined = Computed(parts.Sum(part => part.Width), parts.Max(part => part.Draws));
        Operations.Add(new JoinOperation(parts, joined));
        return joined;
    }

    /// <summary>What a generative network reads of samples of all layers (<see cref="ModelNetworks.Read(IReadOnlyList{TorchSharp.torch.Tensor}, int)"/>).</summary>
    /// <param name="samples">z1 first; those below <paramref name="layer"/> are not read.</param>
    /// <param name="layer">The lowest layer above the network, from 0.</param>
    public Slot Read(Slot[] samples, int layer) => vae.Networks.SkipsDown ? Join(samples[layer..]) : samples[layer];

    /// <summary>p of a layer given those above, smoothed as a link's rho says, in the coordinates of the Gaussians of these layers.</summary>
    /// <param name="link">Which link.</param>
    /// <param name="layer">The Gaussian of a layer above, asked for where it is needed.</param>
    /// <param name="samples">Samples of all layers, of which those above are read.</param>
    /// <param name="place">Where the inner draws come from.</param>
    public GaussianSlots Generative(int link, Func<int, GaussianSlots> layer, Slot[] samples, string place)
    {
        GaussianSlots Own()
        {
            GaussianSlots[] above = [.. Enumerable.Range(link + 1, vae.Networks.SkipsDown ? samples.Length - link - 1 : 1).Select(layer)];
            return new(Join([.. above.Select(own => own.Mean)]), Join([.. above.Select(own => own.Deviation)]));
        }

        return Conditional(SmoothedNetworks.P, vae.Networks.P[link], link, Own, Read(samples, link + 1), place);
    }

    /// <summary>A network of a stochastic layer, smoothed as the model's options and the link's rho say (<see cref="SmoothingOperator"/>).</summary>
    /// <param name="networks">Whether it is one of p or of q.</param>
    /// <param name="network">The network.</param>
    /// <param name="link">Which link's rho.</param>
    /// <param name="layer">The Gaussian of what is smoothed over.</param>
    /// <param name="z">What the network reads, or the part of it that is smoothed over.</param>
    /// <param name="place">Where the inner draws come from.</param>
    /// <param name="beside">What the network reads beside that; null for nothing.</param>
    public GaussianSlots Conditional(
        SmoothedNetworks networks, GaussianNetwork network, int link, Func<GaussianSlots> layer, Slot z, string place, Slot? beside = null)
    {
        Slot Input(Slot at) => beside is null ? at : Join(at, beside);
        if (!kind.IsSmoothed(link) || !vae.Smoothing.Networks.HasFlag(networks)) return Gaussian(network, Input(z));
        var inner = NoiseSource.Inner(Memory, z.Width, place, vae.Smoothing, isMean: network.IsAffine, z.Draws);
        Noise.Add(inner);
        var points = Computed(z.Width, inner.Slot.Draws);
        var own = vae.Smoothing.Measure switch
        {
            ReferenceMeasure.Own => layer(),
            ReferenceMeasure.Standard => null,
            _ => throw new InvalidOperationException($"{vae.Smoothing.Measure} is no reference measure."),
        };
        Operations.Add(new PointsOperation(own, z, inner.Slot, points, scalars.Rho[link]));
        if (points.Draws == z.Draws) return Gaussian(network, Input(points));

        // The mean over draws of an affine head is the head of the mean: one product in place of one for every draw.
        var weights = NoiseSource.Weights(vae.Smoothing, z.Width, points.Draws / z.Draws);
        var program = INetworkProgram.Of(this, network.Network, isHeld: false);
        var hidden = program.Hidden(Input(points));
        var mean = program.Output(Mean(hidden, weights), 0, network.Outputs);
        var raw = network.Scale is null ? program.Output(hidden, network.Outputs, network.Outputs) : null;
        return new GaussianSlots(mean, Mean(Deviation(network, raw, hidden.Draws, isHeld: false), weights));
    }

    /// <summary>Mean and standard deviation that a network gives.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="isHeld">Whether its parameters are constants here.</param>
    public GaussianSlots Gaussian(GaussianNetwork network, Slot input, bool isHeld = false)
    {
        var program = INetworkProgram.Of(this, network.Network, isHeld);
        var hidden = program.Hidden(input);
        var (mean, raw) = network.Scale is null ? program.Halves(hidden) : (program.Output(hidden, 0, network.Outputs), null);
        return new GaussianSlots(mean, Deviation(network, raw, hidden.Draws, isHeld));
    }

    /// <summary>q of the top layer within what the member's committed rate allows.</summary>
    public GaussianSlots Capped(GaussianSlots layer)
    {
        if (!kind.IsCapped) return layer;
        var capped = Computed(layer.Mean.Width, layer.Deviation.Draws);
        Operations.Add(new CapOperation(layer.Deviation, capped, scalars.InverseCap));
        return layer with { Deviation = capped };
    }

    /// <summary>A ladder's q of a layer.</summary>
    public GaussianSlots Merge(GaussianSlots climbing, GaussianSlots p)
    {
        GaussianSlots merged = new(Computed(p.Mean.Width, p.Mean.Draws), Computed(p.Mean.Width, p.Mean.Draws));
        Operations.Add(new MergeOperation(climbing, p, merged));
        return merged;
    }

    /// <summary>What the decoder gives of samples of all layers.</summary>
    public Slot Decode(Slot[] samples) => Whole(vae.Networks.Decoder.Network, Read(samples, 0));

    /// <summary>All that a network gives.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">What it reads.</param>
    public Slot Whole(PlacedNetwork network, Slot input) => INetworkProgram.Of(this, network, isHeld: false).Whole(input);

    /// <summary>Some outputs of an affine layer, and a nonlinearity of them.</summary>
    /// <param name="input">What it reads.</param>
    /// <param name="layer">Its parameters.</param>
    /// <param name="firstColumn">First of the outputs.</param>
    /// <param name="columns">How many.</param>
    /// <param name="activation">The nonlinearity; null for none.</param>
    /// <param name="isHeld">Whether the parameters are constants here.</param>
    public Slot Dense(Slot input, DenseEntries layer, int firstColumn, int columns, Activation? activation, bool isHeld)
    {
        var output = Computed(columns, input.Draws);
        Operations.Add(new DenseOperation(input, output, layer, firstColumn, activation, activation is { } function ? Before(output, function) : null, isHeld));
        return output;
    }

    /// <summary>Applies a nonlinearity in place.</summary>
    /// <returns>The same matrix.</returns>
    public Slot Activate(Slot value, Activation activation)
    {
        Operations.Add(new ActivationOperation(value, Before(value, activation), activation));
        return value;
    }

    /// <summary>-log p(x | z1) of samples: at once where nothing asks for single rows.</summary>
    /// <param name="samples">Samples of all layers.</param>
    /// <param name="x">The data.</param>
    /// <param name="values">Receives -log p of every row; null where nobody reads them.</param>
    /// <param name="shares">What samples count; null where there is one.</param>
    public ITerm Reconstruction(Slot[] samples, Slot x, Slot? values, Slot? shares)
    {
        var (output, likelihood) = (Decode(samples), (IFusedLikelihood)vae.Options.Likelihood);
        var own = OwnNumbers();
        if (values is null && own is null) return new ReconstructionTerm(output, x, likelihood);
        if (own?.Fitted is { } place)
        {
            Operations.Add(new FitOperation(output, x, likelihood, place));
            Running.Add(new RunningMean(own.Entry, place));
        }

        var gradients = own is { Entry.IsTrained: true } ? Plain(own.Entry.Size, output.Draws) : null;
        return new RowReconstructionTerm(output, x, likelihood, values ?? Plain(1, output.Draws), shares, own, gradients);
    }

    /// <summary>The parameter of the likelihood's own; null for none.</summary>
    public OwnNumbers? OwnNumbers() => vae.Networks.Decoder.Own.SingleOrDefault() is not { } entry ? null
        : new(entry, withGradients && vae.Options.Likelihood.DependsOnBatch ? Memory.AddShared(entry.Size) : null);

    private Slot Mean(Slot perDraw, float[] weights)
    {
        var mean = Computed(perDraw.Width, perDraw.Draws / weights.Length);
        Operations.Add(new DrawMeanOperation(perDraw, mean, weights));
        return mean;
    }

    private Slot Deviation(GaussianNetwork network, Slot? raw, int draws, bool isHeld)
    {
        var deviation = Computed(network.Outputs, draws);
        Operations.Add(raw is null ? new ScaleOperation(network.Scale!, deviation, isHeld) : new DeviationOperation(raw, deviation));
        return deviation;
    }

    // Keeps what a nonlinearity is applied to, where its derivative needs that.
    private Slot? Before(Slot value, Activation activation) =>
        withGradients && ActivationKernels.NeedsInput(activation) ? Plain(value.Width, value.Draws) : null;
}
