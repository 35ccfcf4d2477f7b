using Ornstein.Kernels;
using Ornstein.Networks;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>Lays rows of numbers, [channels, height, width], out on a grid.</summary>
/// <param name="numbers">The rows.</param>
/// <param name="map">The grid.</param>
/// <param name="grid">Its form.</param>
internal sealed unsafe class SpreadOperation(Slot numbers, Slot map, MapGrid grid) : IOperation, IPlanned
{
    private readonly int _channels = map.Width / grid.Positions;
    private bool _adds;

    public void Plan(GradientFlow flow) => _adds = numbers.HasGradient && flow.Adds(numbers);

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < map.Draws; draw++)
        {
            for (var i = 0; i < frame.Count; i++)
                MapKernels.Spread(frame.Value(numbers, numbers.DrawFor(map, draw)) + ((nint)i * numbers.Width), frame.Value(map, draw) + ((nint)i * map.Width), grid, _channels);
        }
    }

    public void Backward(in Frame frame)
    {
        if (!numbers.HasGradient) return;
        for (var draw = 0; draw < map.Draws; draw++)
        {
            for (var i = 0; i < frame.Count; i++)
            {
                MapKernels.Gather(
                    frame.Gradient(map, draw) + ((nint)i * map.Width), frame.Gradient(numbers, numbers.DrawFor(map, draw)) + ((nint)i * numbers.Width), grid, _channels, _channels,
                    _adds || numbers.IsServedAgain(map, draw));
            }
        }
    }
}

/// <summary>Reads some channels of a grid as rows of numbers, [channels, height, width].</summary>
/// <param name="map">The grid.</param>
/// <param name="grid">Its form.</param>
/// <param name="first">First of the channels.</param>
/// <param name="numbers">The rows.</param>
internal sealed unsafe class GatherOperation(Slot map, MapGrid grid, int first, Slot numbers) : IOperation, IPlanned
{
    private readonly int _stride = map.Width / grid.Positions, _channels = numbers.Width / (grid.Height * grid.Width);
    private bool _isFirst;

    // Other channels are others' to write; who is first clears the edges.
    public void Plan(GradientFlow flow) => _isFirst = !flow.Adds(map);

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < map.Draws; draw++)
        {
            for (var i = 0; i < frame.Count; i++)
                MapKernels.Gather(frame.Value(map, draw) + ((nint)i * map.Width) + first, frame.Value(numbers, draw) + ((nint)i * numbers.Width), grid, _channels, _stride, add: false);
        }
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < map.Draws; draw++)
        {
            for (var i = 0; i < frame.Count; i++)
            {
                var target = frame.Gradient(map, draw) + ((nint)i * map.Width);
                if (_isFirst) MapKernels.ClearEdges(target, grid, _stride);
                MapKernels.Spread(frame.Gradient(numbers, draw) + ((nint)i * numbers.Width), target + first, grid, _channels, _stride);
            }
        }
    }
}

/// <summary>
/// The way into a residual block: value becomes a(value), what it was is kept for the way out, and on the way back the gradient of the block's output is added.
/// </summary>
/// <param name="value">What the block reads.</param>
/// <param name="before">Keeps it.</param>
/// <param name="output">What the block gives.</param>
/// <param name="activation">The nonlinearity a.</param>
internal sealed unsafe class BranchOperation(Slot value, Slot before, Slot output, Activation activation) : IOperation
{
    private readonly bool _needsInput = ActivationKernels.NeedsInput(activation);

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < value.Draws; draw++)
        {
            var values = new Span<float>(frame.Value(value, draw), Lanes.Whole(frame.Floats(value)));
            values.CopyTo(new Span<float>(frame.Value(before, draw), values.Length));
            ActivationKernels.Apply(activation, frame.Value(value, draw), values.Length);
        }
    }

    public void Backward(in Frame frame)
    {
        if (!value.HasGradient) return; // a block may read the data themselves
        for (var draw = 0; draw < value.Draws; draw++)
        {
            var count = frame.Floats(value);
            ActivationKernels.Differentiate(activation, frame.Value(_needsInput ? before : value, draw), frame.Gradient(value, draw), count);
            ElementKernels.Add(frame.Gradient(value, draw), frame.Gradient(output, draw), count);
        }
    }
}

/// <summary>Adds a parameter to every row, in place.</summary>
/// <param name="value">The rows.</param>
/// <param name="entry">The parameter, a number for each of theirs.</param>
/// <param name="first">First of its numbers.</param>
/// <param name="isHeld">Whether it is a constant here.</param>
internal sealed unsafe class OffsetOperation(Slot value, ParameterEntry entry, int first, bool isHeld) : ITrained
{
    public ParameterEntry Entry => entry;

    public int FirstColumn => first;

    public int Columns => isHeld ? 0 : value.Width;

    public long WorkOfColumn => value.Draws;

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < value.Draws; draw++)
        {
            for (var i = 0; i < frame.Count; i++) ElementKernels.Add(frame.Value(value, draw) + ((nint)i * value.Width), frame.Parameter(entry) + first, value.Width);
        }
    }

    public void Backward(in Frame frame)
    {
        // The gradient stays where it is.
    }

    public int Runs(in Frame frame) => 1;

    public void ParameterGradient(in Frame frame, int run, int firstNumber, int count, bool add)
    {
        var target = frame.Gradients + entry.Offset + first + firstNumber;
        if (!add) new Span<float>(target, count).Clear();
        for (var draw = 0; draw < value.Draws; draw++)
        {
            for (var i = 0; i < frame.Count; i++) ElementKernels.Add(target, frame.Gradient(value, draw) + ((nint)i * value.Width) + firstNumber, count);
        }
    }
}
