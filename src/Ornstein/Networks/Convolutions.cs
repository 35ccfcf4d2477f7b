using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>
/// Residual convolutional networks at every place of a hierarchy. Between maps of different sizes they halve or double step by step, with blocks at every size; a vector is connected
/// to the smallest map on its way, 8 pixels a side at most where halves go that far. What climbs in a ladder has the size of each layer's own map.
/// </summary>
public sealed record Convolutions : INetworkFamily
{
    private const int MostWidth = 4096, MostBlocks = 1000, SmallestSide = 8;

    // What p's widths begin with in a ladder, before the softplus: a standard deviation of 0.13. q, merged with p, begins within it, so that KLs begin near zero. At 0.69, as from zero, ten layers
    // collapsed within 200 steps and stayed so to step 600 (docs/training.md).
    private const double NarrowWidth = -2;

    /// <summary>Channels within the networks that belong to each stochastic layer, z1 first; for networks from vector to vector, their hidden units.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [32, 48, 64];

    /// <summary>Residual blocks at every size of map that a network passes.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>The nonlinearity.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <inheritdoc/>
    public string Name => Network.Convolution;

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public INetwork Create(NetworkPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var width = Widths[place.Layer];
        var output = place.Output ?? ClimbingShape(place, width);
        var isDecoder = place.Role == NetworkRole.Decoder;
        return new ConvolutionalNetwork(
            place.Input, output, [.. Steps(place, output, width), .. isDecoder ? [new Offset("offset", output)] : Array.Empty<INetworkStep>()], isDecoder ? "offset" : null);
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (Widths.Count != layers) throw new OrnsteinException($"widths has {Widths.Count} numbers and latents {layers}; give as many channels (--hidden) as there are layers.");
        foreach (var width in Widths)
        {
            if (width is < 1 or > MostWidth) throw new OrnsteinException($"widths holds {width}; a convolution has 1 to {MostWidth:N0} channels (--hidden).");
        }

        if (Blocks is < 0 or > MostBlocks) throw new OrnsteinException($"blocks is {Blocks}; it must be 0 to {MostBlocks:N0} (--hidden-layers).");
    }

    // What climbs in a ladder to a layer has the size of the layer's own map, so that q reads features of its resolution.
    private static Shape ClimbingShape(NetworkPlace place, int width)
    {
        if (!place.Input.IsMap) return width;
        var (height, across) = place.Latent is { IsMap: true } map ? SizeOf(map) : Smallest(SizeOf(place.Input));
        return new Shape(width, height, across);
    }

    private List<INetworkStep> Steps(NetworkPlace place, Shape output, int width)
    {
        List<INetworkStep> steps = [];
        // What climbs in a ladder and its head have names of one place.
        var prefix = place.Role == NetworkRole.Head ? "head." : "";
        void Add(string name, Func<string, INetworkStep> step) => steps.Add(step($"{prefix}{name}{steps.Count + 1}"));
        void Blocked()
        {
            for (var i = 0; i < Blocks; i++) Add("block", name => new ResidualBlock(name, width, Activation));
        }

        if (!place.Input.IsMap && !output.IsMap)
        {
            steps.AddRange([new Connect($"{prefix}hidden", place.Input.Units, width), new Activate(Activation), new Connect($"{prefix}output", width, output, OutputBias(place))]);
            return steps;
        }

        // The size at hand, and the one that is wanted.
        var ((height, across), (toHeight, toAcross)) = (
            place.Input.IsMap ? SizeOf(place.Input) : Smallest(SizeOf(output)), output.IsMap ? SizeOf(output) : Smallest(SizeOf(place.Input)));
        if (!Leads(height, toHeight) || !Leads(across, toAcross) || (long)height * toAcross != (long)across * toHeight) throw Unreachable(place, output);
        // What climbs in a ladder is a sum that blocks add to: neither the first nor the last of many layers is farther from it, however many there are.
        var isSum = place.Role == NetworkRole.Climbing && output.IsMap;
        if (place.Input.IsMap && !(isSum && place.Input.Axes[0] == width)) Add("stem", name => new Convolve(name, place.Input.Axes[0], width, Plain(place.Input.Axes[0])));
        else if (!place.Input.IsMap) Add("stem", name => new Connect(name, place.Input.Units, new Shape(width, height, across)));
        Blocked();
        for (; height > toHeight; height /= 2)
        {
            Add("down", name => new Convolve(name, width, width, Plain(width), Resize.Halve));
            Blocked();
        }

        for (; height < toHeight; height *= 2)
        {
            Add("up", name => new Convolve(name, width, width, Plain(width), Resize.Double));
            Blocked();
        }

        if (isSum) return steps;
        steps.Add(new Activate(Activation));
        steps.Add(output.IsMap
            ? new Convolve($"{prefix}output", width, output.Axes[0], Plain(width), Bias: OutputBias(place))
            : new Connect($"{prefix}output", width * toHeight * toAcross, output, OutputBias(place)));
        return steps;
    }

    // Means, then what widths are made of.
    private static InitialValues? OutputBias(NetworkPlace place) => place is not { Role: NetworkRole.Generative, IsOfLadder: true, Output: { } output } ? null
        : InitialValues.Drawn(_ => cat([zeros(output.Axes[0] / 2), TensorCreation.Filled([output.Axes[0] / 2], NarrowWidth)], 0));

    // As perceptrons begin: smaller than what keeps a variance, so that KLs do not begin at thousands of nats.
    private static InitialValues Plain(int inputs) => InitialValues.Uniform(1 / Math.Sqrt(Convolve.FanIn(inputs)));

    private static (int Height, int Across) SizeOf(Shape map) => map.Axes is [_, var height, var across] ? (height, across)
        : throw new OrnsteinException($"convolutions read and give maps of channels x height x width, or vectors, not {map}.");

    private static (int Height, int Across) Smallest((int Height, int Across) size)
    {
        var (height, across) = size;
        while (CanHalve(height, across) && Math.Max(height, across) > SmallestSide) (height, across) = (height / 2, across / 2);
        return (height, across);
    }

    private static bool CanHalve(int height, int across) => height % 2 == 0 && across % 2 == 0;

    // Whether halving or doubling leads from one to the other.
    private static bool Leads(int from, int to)
    {
        var (less, more) = (Math.Min(from, to), Math.Max(from, to));
        while (less < more) less *= 2;
        return less == more;
    }

    private static OrnsteinException Unreachable(NetworkPlace place, Shape output)
    {
        var (height, across) = SizeOf(place.Input.Units >= output.Units ? place.Input : output);
        List<string> right = [$"{height}x{across}"];
        while (CanHalve(height, across)) right.Add($"{height /= 2}x{across /= 2}");
        return new OrnsteinException(
            $"the convolutions of {place.Name} lead from {place.Input} to {output}, and halving or doubling a map does not; of {right[0]} there are {string.Join(", ", right)}: give --latents such sizes, as in 8x{right[Math.Min(1, right.Count - 1)]}.");
    }
}
