using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Smoothing;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>Lists the operations of a model's networks and plans their memory.</summary>
/// <param name="vae">The model.</param>
/// <param name="rows">Data of a batch.</param>
/// <param name="isSmoothed">Whether each link is smoothed; where rho is 1 a function is simply called.</param>
/// <param name="scalars">Numbers of each member.</param>
/// <param name="withGradients">Whether what is computed will be differentiated.</param>
internal sealed class ProgramBuilder(HierarchicalVae vae, int rows, bool[] isSmoothed, StepScalars scalars, bool withGradients)
{
    /// <summary>A program for every member; members that smooth the same links share one.</summary>
    /// <param name="vae">The model.</param>
    /// <param name="isSmoothed">Whether a member's link is smoothed.</param>
    /// <param name="create">Makes the program of the members that smooth these links.</param>
    public static TProgram[] ByMember<TProgram>(HierarchicalVae vae, Func<int, int, bool> isSmoothed, Func<bool[], TProgram> create)
    {
        var byPattern = new Dictionary<string, TProgram>(StringComparer.Ordinal);
        return [.. vae.Members.Select((_, member) =>
        {
            var links = Enumerable.Range(0, vae.Options.Layers - 1).Select(link => isSmoothed(member, link)).ToArray();
            var pattern = string.Join(',', links);
            if (!byPattern.TryGetValue(pattern, out var program)) byPattern.Add(pattern, program = create(links));
            return program;
        })];
    }

    /// <summary>Where everything lies.</summary>
    public WorkspacePlan Memory { get; } = new(rows);

    /// <summary>What is done, in order.</summary>
    public List<IOperation> Operations { get; } = [];

    /// <summary>What is drawn before.</summary>
    public List<NoiseSource> Noise { get; } = [];

    /// <summary>Numbers that are given or drawn, [1, rows, width].</summary>
    public Slot Given(int width) => Memory.Add(width, draws: 1, gradient: false);

    /// <summary>A Gaussian that is given, [1, rows, width].</summary>
    public GaussianSlots GivenGaussian(int width) => new(Given(width), Given(width));

    /// <summary>A sample of a layer, from the noise of a place.</summary>
    public Slot Sample(GaussianSlots layer, string place)
    {
        var eps = Given(layer.Mean.Width);
        Noise.Add(NoiseSource.Standard(eps, place));
        var z = Memory.Add(layer.Mean.Width, draws: 1, withGradients);
        Operations.Add(new SampleOperation(layer, eps, z));
        return z;
    }

    /// <summary>A network of a stochastic layer, smoothed as the model's options and the link's rho say (<see cref="SmoothingOperator"/>).</summary>
    /// <param name="kind">Whether it is one of p or of q.</param>
    /// <param name="network">The network.</param>
    /// <param name="link">Which link's rho.</param>
    /// <param name="layer">The layer's own Gaussian.</param>
    /// <param name="z">What the network reads.</param>
    /// <param name="place">Where the inner draws come from.</param>
    public GaussianSlots Conditional(SmoothedNetworks kind, GaussianNetwork network, int link, GaussianSlots layer, Slot z, string place)
    {
        if (!isSmoothed[link] || !vae.Smoothing.Networks.HasFlag(kind)) return Gaussian(network, z);
        var inner = NoiseSource.Inner(Memory, z.Width, place, vae.Smoothing, isMean: network.IsAffine);
        Noise.Add(inner);
        var points = Memory.Add(z.Width, inner.Slot.Draws, withGradients);
        var own = vae.Smoothing.Measure switch
        {
            ReferenceMeasure.Own => layer,
            ReferenceMeasure.Standard => null,
            _ => throw new InvalidOperationException($"{vae.Smoothing.Measure} is no reference measure."),
        };
        Operations.Add(new PointsOperation(own, z, inner.Slot, points, scalars.Rho[link]));
        if (points.Draws == 1) return Gaussian(network, points);

        // The mean over draws of an affine head is the head of the mean: one product in place of one for every draw.
        var weights = NoiseSource.Weights(vae.Smoothing, z.Width, points.Draws);
        var hidden = Hidden(network.Network, points);
        var mean = MeanHead(network, Mean(hidden, weights));
        return new GaussianSlots(mean, Mean(Deviation(network, hidden), weights));
    }

    /// <summary>Mean and standard deviation that a network gives; both heads are products of their own, so that each lies without gaps.</summary>
    public GaussianSlots Gaussian(GaussianNetwork network, Slot input)
    {
        var hidden = Hidden(network.Network, input);
        return new GaussianSlots(MeanHead(network, hidden), Deviation(network, hidden));
    }

    /// <summary>A perceptron's output.</summary>
    public Slot Perceptron(PlacedNetwork network, Slot input)
    {
        var (hidden, output) = (Hidden(network, input), Output(network));
        return Dense(hidden, output, firstColumn: 0, output.Weight.Columns, activation: null);
    }

    private Slot Mean(Slot perDraw, float[] weights)
    {
        var mean = Memory.Add(perDraw.Width, draws: 1, withGradients);
        Operations.Add(new DrawMeanOperation(perDraw, mean, weights));
        return mean;
    }

    private Slot MeanHead(GaussianNetwork network, Slot hidden) =>
        Dense(hidden, Output(network.Network), firstColumn: 0, network.Outputs, activation: null);

    private Slot Deviation(GaussianNetwork network, Slot hidden)
    {
        var raw = network.Scale is null
            ? Dense(hidden, Output(network.Network), firstColumn: network.Outputs, network.Outputs, activation: null)
            : null;
        var deviation = Memory.Add(network.Outputs, hidden.Draws, withGradients);
        Operations.Add(raw is null ? new ScaleOperation(network.Scale!, deviation) : new DeviationOperation(raw, deviation));
        return deviation;
    }

    private Slot Hidden(PlacedNetwork network, Slot input)
    {
        var perceptron = PerceptronOf(network);
        foreach (var layer in perceptron.Layers.SkipLast(1))
        {
            var entries = DenseEntries.Of(network, layer);
            input = Dense(input, entries, firstColumn: 0, entries.Weight.Columns, perceptron.Activation);
        }

        return input;
    }

    private static DenseEntries Output(PlacedNetwork network) => DenseEntries.Of(network, PerceptronOf(network).Layers[^1]);

    private static Perceptron PerceptronOf(PlacedNetwork network) => network.Network as Perceptron
        ?? throw new OrnsteinException($"there are no operations for the network of {network.Place.Name}; differentiate its tensors by autograd.");

    private Slot Dense(Slot input, DenseEntries layer, int firstColumn, int columns, Activation? activation)
    {
        var output = Memory.Add(columns, input.Draws, withGradients);
        var before = withGradients && activation is { } function && ActivationKernels.NeedsInput(function)
            ? Memory.Add(columns, input.Draws, gradient: false)
            : null;
        Operations.Add(new DenseOperation(input, output, layer, firstColumn, activation, before));
        return output;
    }
}
