using System.Runtime.InteropServices;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>Operations of which each row takes its own way, and what couples rows after them.</summary>
/// <param name="First">The first of the operations.</param>
/// <param name="End">The one after the last.</param>
/// <param name="Then">What couples rows; null at the end of a program.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProgramStage(int First, int End, ICoupled? Then)
{
    // Columns of a piece of work: whole vectors.
    private const int Widest = 32;

    /// <summary>Pieces of what couples rows.</summary>
    public int Pieces => Then is null ? 0 : (Then.Columns + Widest - 1) / Widest;

    /// <summary>The forward pass of a piece of what couples rows.</summary>
    /// <param name="whole">The whole batch.</param>
    /// <param name="piece">Which piece, from 0.</param>
    public void Couple(in Frame whole, int piece) => Then!.Forward(whole, piece * Widest, Math.Min(Widest, Then.Columns - (piece * Widest)));

    /// <summary>Its backward pass.</summary>
    /// <param name="whole">The whole batch.</param>
    /// <param name="piece">Which piece, from 0.</param>
    public void CoupleBack(in Frame whole, int piece) => Then!.Backward(whole, piece * Widest, Math.Min(Widest, Then.Columns - (piece * Widest)));

    /// <summary>The stages of a list of operations.</summary>
    public static ProgramStage[] Of(IReadOnlyList<IOperation> operations)
    {
        var (stages, first) = (new List<ProgramStage>(), 0);
        for (var i = 0; i < operations.Count; i++)
        {
            if (operations[i] is not ICoupled coupled) continue;
            stages.Add(new ProgramStage(first, i, coupled));
            first = i + 1;
        }

        return [.. stages, new ProgramStage(first, operations.Count, null)];
    }
}
