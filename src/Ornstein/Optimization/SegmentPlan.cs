using System.Runtime.InteropServices;
using Ornstein.Stacks;

namespace Ornstein.Optimization;

/// <summary>A run of a parameter's numbers.</summary>
/// <param name="Entry">The parameter.</param>
/// <param name="Start">First of its numbers.</param>
/// <param name="Count">How many.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Segment(ParameterEntry Entry, int Start, int Count)
{
    /// <summary>Where the run starts in a buffer of a single member.</summary>
    public long Offset => Entry.Offset + Start;

    /// <summary>Where a member's run starts in the flat buffer of a stack.</summary>
    public long OffsetIn(int members, int member) => (Entry.Offset * members) + ((long)member * Entry.Size) + Start;
}

/// <summary>A member's parameters cut into runs short enough to share among threads.</summary>
internal static class SegmentPlan
{
    private const int Longest = 1 << 15; // floats

    public static Segment[] Of(ParameterLayout layout)
    {
        var segments = new List<Segment>();
        foreach (var entry in layout.Entries)
        {
            var length = entry.Size;
            for (var start = 0; start < length; start += Longest) segments.Add(new(entry, start, Math.Min(Longest, length - start)));
        }

        return [.. segments];
    }
}
