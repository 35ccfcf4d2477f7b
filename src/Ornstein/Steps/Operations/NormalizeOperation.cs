using System.Runtime.Intrinsics;
using Ornstein.Kernels;
using Ornstein.Networks;

namespace Ornstein.Steps.Operations;

/// <summary>
/// Batch normalization of a training step (<see cref="BatchNormalization"/>): gain (h - mean) / sqrt(variance + eps) + shift, mean and variance being those of all
/// rows, draws included, and a nonlinearity that multiplies negative numbers. Columns do not read each other.
/// </summary>
/// <param name="value">What is normalized; it holds the standardized numbers then.</param>
/// <param name="output">What it gives.</param>
/// <param name="entries">Gain and shift.</param>
/// <param name="slope">What negative numbers are multiplied by then; 1 for no nonlinearity.</param>
/// <param name="statistics">Where mean, variance and 1 / sqrt(variance + eps) of every column lie.</param>
internal sealed unsafe class NormalizeOperation(Slot value, Slot output, NormalizationEntries entries, float slope, long statistics) : ICoupled, IPlanned
{
    /// <summary>Numbers that the statistics of a layer take.</summary>
    public static int StatisticsOf(int width) => 3 * Lanes.Whole(width);

    /// <summary>The running means that it moves, and where the batch's own numbers lie.</summary>
    public IEnumerable<RunningMean> Running => [new(entries.Mean, statistics), new(entries.Variance, statistics + Lanes.Whole(value.Width))];

    public int Columns => value.Width;

    public void Plan(GradientFlow flow)
    {
        if (flow.Adds(value)) throw new InvalidOperationException("What is normalized has a gradient from elsewhere.");
    }

    public void Forward(in Frame frame, int first, int count)
    {
        float* gain = frame.Parameter(entries.Gain), shift = frame.Parameter(entries.Shift);
        var rows = (float)(frame.Count * value.Draws);
        float* mean = frame.Shared(statistics), variance = mean + Lanes.Whole(value.Width), inverse = variance + Lanes.Whole(value.Width);
        for (var j = first; j < first + count; j += Lanes.Count)
        {
            var lanes = Math.Min(Lanes.Count, value.Width - j);
            Vector512<float> sum = Vector512<float>.Zero, squares = sum;
            for (var draw = 0; draw < value.Draws; draw++) sum += NormalizationKernels.Sum(frame.Value(value, draw) + j, value.Width, frame.Count);
            var centre = sum / rows;
            for (var draw = 0; draw < value.Draws; draw++) squares += NormalizationKernels.Squares(frame.Value(value, draw) + j, value.Width, frame.Count, centre);
            var spread = squares / rows;
            var factor = Vector512<float>.One / Vector512.Sqrt(spread + Vector512.Create(BatchNormalization.Epsilon));
            centre.Store(mean + j);
            spread.Store(variance + j);
            factor.Store(inverse + j);
            Vector512<float> scale = NormalizationKernels.Load(gain + j, lanes), offset = NormalizationKernels.Load(shift + j, lanes);
            for (var draw = 0; draw < value.Draws; draw++)
            {
                NormalizationKernels.Normalize(
                    frame.Value(value, draw) + j, frame.Value(output, draw) + j, value.Width, frame.Count, lanes, centre, factor, scale, offset, slope);
            }
        }
    }

    public void Backward(in Frame frame, int first, int count)
    {
        float* gain = frame.Parameter(entries.Gain), inverse = frame.Shared(statistics) + (2 * Lanes.Whole(value.Width));
        var (rows, negative) = ((float)(frame.Count * value.Draws), Vector512.Create(slope));
        for (var j = first; j < first + count; j += Lanes.Count)
        {
            var lanes = Math.Min(Lanes.Count, value.Width - j);
            Vector512<float> sum = Vector512<float>.Zero, products = sum;
            for (var draw = 0; draw < value.Draws; draw++)
            {
                NormalizationKernels.Products(
                    frame.Gradient(output, draw) + j, frame.Value(output, draw) + j, frame.Value(value, draw) + j, value.Width, frame.Count, negative,
                    ref sum, ref products);
            }

            Lanes.PutFirst(frame.Gradients + entries.Gain.Offset + j, products, lanes);
            Lanes.PutFirst(frame.Gradients + entries.Shift.Offset + j, sum, lanes);
            var factor = NormalizationKernels.Load(gain + j, lanes) * Vector512.Load(inverse + j);
            for (var draw = 0; draw < value.Draws; draw++)
            {
                NormalizationKernels.Gradient(
                    frame.Gradient(output, draw) + j, frame.Value(output, draw) + j, frame.Value(value, draw) + j, frame.Gradient(value, draw) + j,
                    value.Width, frame.Count, lanes, negative, factor, sum / rows, products / rows);
            }
        }
    }
}

/// <summary>Batch normalization of a trained model, by running means; not differentiated.</summary>
/// <param name="value">What is normalized, in place.</param>
/// <param name="entries">Gain, shift and running means.</param>
/// <param name="slope">What negative numbers are multiplied by then; 1 for no nonlinearity.</param>
internal sealed unsafe class RunningNormalizeOperation(Slot value, NormalizationEntries entries, float slope) : IOperation
{
    public void Forward(in Frame frame)
    {
        float* gain = frame.Parameter(entries.Gain), shift = frame.Parameter(entries.Shift);
        float* mean = frame.Parameter(entries.Mean), variance = frame.Parameter(entries.Variance);
        for (var j = 0; j < value.Width; j += Lanes.Count)
        {
            var lanes = Math.Min(Lanes.Count, value.Width - j);
            var factor = Vector512<float>.One / Vector512.Sqrt(NormalizationKernels.Load(variance + j, lanes) + Vector512.Create(BatchNormalization.Epsilon));
            Vector512<float> centre = NormalizationKernels.Load(mean + j, lanes);
            Vector512<float> scale = NormalizationKernels.Load(gain + j, lanes), offset = NormalizationKernels.Load(shift + j, lanes);
            for (var draw = 0; draw < value.Draws; draw++)
            {
                var values = frame.Value(value, draw) + j;
                NormalizationKernels.Normalize(values, values, value.Width, frame.Count, lanes, centre, factor, scale, offset, slope);
            }
        }
    }

    public void Backward(in Frame frame) => throw new NotSupportedException();
}
