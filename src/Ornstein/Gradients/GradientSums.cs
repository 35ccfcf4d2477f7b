using Ornstein.Optimization;
using Ornstein.Stacks;

namespace Ornstein.Gradients;

/// <summary>
/// Gradients of D batches with R draws of noise each, taken apart. A gradient is mu + d_b + e_br: what it is on average, what a batch adds, and what a draw of its noise adds (a one-way layout
/// with random effects). With the squared lengths of all gradients, of the sums over a batch's draws, and of the sum of all, the moments follow without bias:
/// <code>
/// MS_draws = (sum |g_br|^2 - sum |g_b.|^2 / R) / (D (R - 1))            = E|e|^2
/// MS_batch = (sum |g_b.|^2 / R - |g_..|^2 / (D R)) / (D - 1)            = E|e|^2 + R E|d|^2
/// |g_..|^2 / (D R)^2                                                    = |mu|^2 + MS_batch / (D R)
/// </code>
/// Squared lengths are over a network's parameters, as its variance is the trace of their covariance.
/// </summary>
internal sealed class GradientSums
{
    private readonly int _members;
    private readonly Segment[] _segments;
    private readonly int[] _groupOf; // segments
    private readonly float[] _ofBatch, _ofAll;
    private readonly double[,] _each, _batches, _all; // squared lengths, [groups, members]
    private int _draws, _count;

    public GradientSums(ParameterLayout layout, int members)
    {
        _members = members;
        _segments = SegmentPlan.Of(layout);
        Networks = NetworksOf(layout);
        _groupOf = [.. _segments.Select(segment => Array.IndexOf(Networks, NetworkOf(segment.Entry)))];
        (_ofBatch, _ofAll) = (new float[layout.Length * members], new float[layout.Length * members]);
        (_each, _batches, _all) = (new double[Networks.Length, members], new double[Networks.Length, members], new double[Networks.Length, members]);
    }

    /// <summary>Names of the networks, such as q1, in the order of the layout.</summary>
    public string[] Networks { get; }

    /// <summary>The same of a layout.</summary>
    public static string[] NetworksOf(ParameterLayout layout) => [.. layout.Entries.Select(NetworkOf).Distinct(StringComparer.Ordinal)];

    /// <summary>Begins a measurement.</summary>
    public void Clear()
    {
        Array.Clear(_ofBatch);
        Array.Clear(_ofAll);
        foreach (var sums in new[] { _each, _batches, _all }) Array.Clear(sums);
        (_draws, _count) = (0, 0);
    }

    /// <summary>Adds the gradients of a draw, in the form of the flat buffer of the stack.</summary>
    public void AddDraw(ReadOnlySpan<float> gradients)
    {
        AddSquares(gradients, _each);
        Add(_ofBatch, gradients);
        _draws++;
    }

    /// <summary>Ends a batch.</summary>
    public void EndBatch()
    {
        AddSquares(_ofBatch, _batches);
        Add(_ofAll, _ofBatch);
        Array.Clear(_ofBatch);
        _count++;
    }

    /// <summary>Adds what the measurement comes to; every batch had as many draws.</summary>
    public void AddTo(GradientTotals totals)
    {
        AddSquares(_ofAll, _all);
        double batches = _count, draws = _draws / _count;
        for (var group = 0; group < Networks.Length; group++)
        {
            for (var member = 0; member < _members; member++)
            {
                var (ofBatches, ofAll) = (_batches[group, member] / draws, _all[group, member] / (batches * draws));
                var noise = (_each[group, member] - ofBatches) / (batches * (draws - 1));
                var between = (ofBatches - ofAll) / (batches - 1);
                totals.SquaredMean[group][member] += (ofAll - between) / (batches * draws);
                totals.DataVariance[group][member] += (between - noise) / draws;
                totals.NoiseVariance[group][member] += noise;
            }
        }

        totals.Count++;
    }

    // Networks are what stands before the first point: q1 of q1.hidden1.weight.
    private static string NetworkOf(ParameterEntry entry) => entry.Name.Split('.')[0];

    private static void Add(float[] target, ReadOnlySpan<float> source)
    {
        for (var i = 0; i < target.Length; i++) target[i] += source[i];
    }

    private void AddSquares(ReadOnlySpan<float> values, double[,] squares)
    {
        for (var i = 0; i < _segments.Length; i++)
        {
            for (var member = 0; member < _members; member++)
                squares[_groupOf[i], member] += Adam.SumOfSquares(values.Slice((int)_segments[i].OffsetIn(_members, member), _segments[i].Count));
        }
    }
}
