using System.Runtime.InteropServices;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Optimization;

/// <summary>A run of one member's numbers in a flat buffer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Segment(long Offset, int Count, int Member);

/// <summary>The flat buffer of a stack cut into segments of one member each, and these into pieces of work of similar size.</summary>
internal sealed class SegmentPlan
{
    private const int Longest = 1 << 16; // floats
    private readonly (int Start, int End)[] _work;

    public SegmentPlan(ParameterLayout layout, int members)
    {
        var segments = new List<Segment>();
        foreach (var entry in layout.Entries)
        {
            var length = (long)entry.Rows * entry.Columns;
            for (var member = 0; member < members; member++)
            {
                var start = (entry.Offset * members) + (member * length);
                for (long done = 0; done < length; done += Longest)
                {
                    segments.Add(new Segment(start + done, (int)Math.Min(Longest, length - done), member));
                }
            }
        }

        Segments = [.. segments];
        _work = [.. Pieces()];
    }

    public Segment[] Segments { get; }

    /// <summary>Calls an action for every segment, in parallel; it must write nothing that two segments share.</summary>
    public void ForEach(Action<int, Segment> action)
    {
        var threads = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        Parallel.For(0, _work.Length, threads, piece =>
        {
            for (var i = _work[piece].Start; i < _work[piece].End; i++) action(i, Segments[i]);
        });
    }

    private IEnumerable<(int Start, int End)> Pieces()
    {
        var (start, floats) = (0, 0L);
        for (var i = 0; i < Segments.Length; i++)
        {
            floats += Segments[i].Count;
            if (floats < Longest && i < Segments.Length - 1) continue;
            yield return (start, i + 1);
            (start, floats) = (i + 1, 0);
        }
    }
}
