using System.Runtime.InteropServices;

namespace Ornstein.Evaluation;

/// <summary>How k samples per datum are cut into blocks of a few hundred rows, each some samples of one datum or all samples of a few.</summary>
/// <param name="Samples">Samples of a datum in a block.</param>
/// <param name="Data">Data of a block.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SampleBlocks(int Samples, int Data)
{
    /// <summary>
    /// Rows of a block: enough that the packing of weights costs little, and their activations stay in the second-level cache.
    /// </summary>
    public const int Rows = 256;

    /// <summary>The blocks of <paramref name="draws"/> samples per datum.</summary>
    /// <param name="draws">Samples per datum.</param>
    /// <param name="rows">Rows of a block, at most.</param>
    public static SampleBlocks Of(int draws, int rows = Rows)
    {
        var blocks = (draws + rows - 1) / rows;
        var samples = (draws + blocks - 1) / blocks;
        return new SampleBlocks(samples, rows / samples);
    }
}
