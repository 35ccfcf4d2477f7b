using Ornstein.Batching;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>Whether data vary at all. What is measured over data, such as what a layer tells about them, is empty where they do not.</summary>
internal static class DataVariation
{
    private const int Block = 4096;

    /// <summary>Why nothing can be said over these data, beginning with <c>cannot say</c>; null where they vary.</summary>
    public static string? ReasonAgainst(DataRows rows) =>
        rows.Count < 2 ? "cannot say: it takes at least 2 data, and there is 1"
        : AreAllEqual(rows) ? "cannot say: the data are all the same, so no layer can tell about them"
        : null;

    /// <summary>Whether all rows are equal, as they are stored.</summary>
    public static bool AreAllEqual(DataRows rows)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var first = rows.Slice(0, 1);
        for (var start = 0; start < rows.Count; start += Block)
        {
            using var block = NewDisposeScope();
            if (!rows.Slice(start, Math.Min(Block, rows.Count - start)).eq(first).all().item<bool>()) return false;
        }

        return true;
    }
}
