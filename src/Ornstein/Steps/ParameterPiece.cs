using System.Runtime.InteropServices;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>The gradient of some columns of an operation's parameters, a piece of work for one thread.</summary>
/// <param name="Operation">Whose parameters.</param>
/// <param name="First">First column.</param>
/// <param name="Count">Number of columns.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ParameterPiece(ITrained Operation, int First, int Count)
{
    // Columns of a piece: three panels of a product.
    private const int Widest = 96;

    /// <summary>Multiplications for each datum.</summary>
    public long Work => Count * Operation.WorkOfColumn;

    public static IEnumerable<ParameterPiece> Of(ITrained operation)
    {
        for (var first = 0; first < operation.Columns; first += Widest)
        {
            yield return new ParameterPiece(operation, first, Math.Min(Widest, operation.Columns - first));
        }
    }
}
