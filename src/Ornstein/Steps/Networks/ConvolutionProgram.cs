using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Stacks;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps.Networks;

/// <summary>A convolutional network as operations. Between its ends maps stay on grids (<see cref="MapGrid"/>), with their channels side by side.</summary>
internal sealed class ConvolutionProgram : INetworkProgram
{
    private readonly ProgramBuilder _build;
    private readonly PlacedNetwork _network;
    private readonly bool _isHeld;
    private readonly INetworkStep[] _hidden;
    private readonly INetworkStep? _output; // what climbs in a ladder ends with a sum, and has none
    private readonly Offset? _offset;
    private readonly Shape _input, _before, _after; // before and after the output

    /// <summary>A network as operations.</summary>
    /// <param name="build">Where they go.</param>
    /// <param name="network">The network at its place.</param>
    /// <param name="convolutions">The network.</param>
    /// <param name="isHeld">Whether its parameters are constants here.</param>
    public ConvolutionProgram(ProgramBuilder build, PlacedNetwork network, ConvolutionalNetwork convolutions, bool isHeld)
    {
        (_build, _network, _isHeld) = (build, network, isHeld);
        var steps = convolutions.Steps;
        _offset = steps.Count > 0 ? steps[^1] as Offset : null;
        var last = steps.Count - (_offset is null ? 1 : 2);
        _output = last >= 0 && steps[last] is Convolve or Connect ? steps[last] : null;
        _hidden = [.. steps.Take(_output is null ? steps.Count : last)];
        _input = convolutions.Input;
        _before = _hidden.Aggregate(_input, (shape, step) => step.Of(shape));
        _after = _output?.Of(_before) ?? _before;
    }

    public Slot Hidden(Slot input)
    {
        if (_hidden.Length == 0) return _output is Convolve ? Spread(input, _input) : input;
        // The network's own input comes as rows.
        var (value, shape) = (_hidden[0] is Connect ? input : Spread(input, _input), _input);
        foreach (var step in _hidden)
        {
            value = step switch
            {
                Convolve convolve => Convolution(value, shape, convolve, 0, convolve.Outputs),
                ResidualBlock block => Residual(value, shape, block),
                Activate activate => _build.Activate(value, activate.Activation),
                Connect connect => Spread(Connected(value, connect, 0, connect.Output.Units), connect.Output),
                _ => throw new InvalidOperationException($"{step.GetType().Name} is no step of a network."),
            };
            shape = step.Of(shape);
        }

        return _output is not Convolve && shape.IsMap ? Gathered(value, shape, 0, shape.Axes[0]) : value;
    }

    public Slot Output(Slot hidden, int first, int count)
    {
        var channel = _after.IsMap ? _after.Units / _after.Axes[0] : 1;
        var output = _output switch
        {
            Connect connect => Connected(hidden, connect, first, count),
            Convolve convolve => Gathered(Convolution(hidden, _before, convolve, first / channel, count / channel), _after, 0, count / channel),
            _ => throw new InvalidOperationException($"the network of {_network.Place.Name} has no output of its own."),
        };
        if (_offset is not null) _build.Operations.Add(new OffsetOperation(output, _network.Entry(_offset.Name), first, _isHeld));
        return output;
    }

    // One product for both: a few channels fill no vector.
    public (Slot First, Slot Second) Halves(Slot hidden)
    {
        var half = _after.Units / 2;
        if (_output is not Convolve convolve) return (Output(hidden, 0, half), Output(hidden, half, half));
        var map = Convolution(hidden, _before, convolve, 0, convolve.Outputs);
        return (Gathered(map, _after, 0, convolve.Outputs / 2), Gathered(map, _after, convolve.Outputs / 2, convolve.Outputs / 2));
    }

    public Slot Whole(Slot input)
    {
        var hidden = Hidden(input);
        return _output is null ? hidden : Output(hidden, 0, _after.Units);
    }

    private static MapGrid GridOf(Shape map) => new(map.Axes[1], map.Axes[2]);

    private Slot Spread(Slot numbers, Shape shape)
    {
        if (!shape.IsMap) return numbers;
        var map = OfMap(shape, numbers.Draws, numbers.HasGradient);
        _build.Operations.Add(new SpreadOperation(numbers, map, GridOf(shape)));
        return map;
    }

    private Slot Gathered(Slot map, Shape shape, int first, int channels)
    {
        var numbers = _build.Computed(channels * shape.Axes[1] * shape.Axes[2], map.Draws);
        _build.Operations.Add(new GatherOperation(map, GridOf(shape), first, numbers));
        return numbers;
    }

    private Slot Convolution(Slot value, Shape shape, Convolve convolve, int first, int count)
    {
        var output = OfMap(new Shape([count, .. convolve.Of(shape).Axes.Skip(1)]), value.Draws, gradient: true);
        Convolution(value, shape, convolve, first, output, residual: null);
        return output;
    }

    private void Convolution(Slot value, Shape shape, Convolve convolve, int first, Slot output, Slot? residual)
    {
        var entries = new ConvolutionEntries(_network.Entry($"{convolve.Name}.weight"), _network.Entry($"{convolve.Name}.bias"));
        var (grid, isWhole) = (GridOf(shape), OutputsOf(output, convolve.Of(shape)) == convolve.Outputs);
        IConvolution operation = convolve.Resize switch
        {
            Resize.Double when isWhole => new DoubleConvolveOperation(value, grid, output, entries, _isHeld),
            Resize.Double => throw new InvalidOperationException($"of {convolve.Name} there are all channels at once."),
            Resize.None when isWhole && WinogradConvolveOperation.Fits(convolve.Inputs, convolve.Outputs) =>
                new WinogradConvolveOperation(value, grid, output, entries, residual, _isHeld),
            _ => new ConvolveOperation(value, grid, output, entries, first, convolve.Resize == Resize.Halve ? 2 : 1, residual, _isHeld),
        };
        _build.Memory.Need(operation);
        _build.Operations.Add(operation);
    }

    private static int OutputsOf(Slot map, Shape shape) => map.Width / GridOf(shape).Positions;

    private Slot Residual(Slot value, Shape shape, ResidualBlock block)
    {
        var (before, output) = (_build.Plain(value.Width, value.Draws), OfMap(shape, value.Draws, gradient: true));
        _build.Operations.Add(new BranchOperation(value, before, output, block.Activation));
        var hidden = _build.Activate(Convolution(value, shape, block.First, 0, block.Width), block.Activation);
        Convolution(hidden, shape, block.Second, 0, output, before);
        return output;
    }

    private Slot Connected(Slot value, Connect connect, int first, int count) => _build.Dense(
        value, new DenseEntries(_network.Entry($"{connect.Name}.weight"), _network.Entry($"{connect.Name}.bias"), null), first, count, activation: null, _isHeld);

    private Slot OfMap(Shape shape, int draws, bool gradient)
    {
        var width = shape.Axes[0] * GridOf(shape).Positions;
        return gradient ? _build.Computed(width, draws) : _build.Plain(width, draws);
    }
}
