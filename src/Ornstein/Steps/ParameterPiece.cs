using System.Runtime.InteropServices;
using Ornstein.Stacks;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>The gradient of some columns of a weight, a piece of work for one thread.</summary>
/// <param name="Operations">Whose parameters they are: several where a network is called several times.</param>
/// <param name="First">First column.</param>
/// <param name="Count">Number of columns.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ParameterPiece(ITrained[] Operations, int First, int Count)
{
    // Columns of a piece: three panels of a product.
    private const int Widest = 96;

    /// <summary>Multiplications for each datum.</summary>
    public long Work => Count * Operations.Sum(operation => operation.WorkOfColumn);

    /// <summary>Whether the parameters are q's.</summary>
    public bool IsEncoder { get; } = IsOfEncoder(Operations[0].Entry.Name);

    /// <summary>Whether a parameter of this name is one of q's.</summary>
    public static bool IsOfEncoder(string name) => name.StartsWith('q');

    /// <summary>The pieces of all parameters.</summary>
    /// <exception cref="InvalidOperationException">Operations share some of their columns only: one would write over the other's gradient.</exception>
    public static IEnumerable<ParameterPiece> Of(IEnumerable<ITrained> operations)
    {
        var ends = new Dictionary<ParameterEntry, int>();
        foreach (var same in operations.Where(operation => operation.Columns > 0).GroupBy(operation => (operation.Entry, operation.FirstColumn)).OrderBy(group => group.Key.FirstColumn))
        {
            ITrained[] all = [.. same];
            if (ends.GetValueOrDefault(all[0].Entry) > all[0].FirstColumn || all.Any(operation => operation.Columns != all[0].Columns))
                throw new InvalidOperationException($"operations share some columns of {all[0].Entry.Name}, and not all.");
            ends[all[0].Entry] = all[0].FirstColumn + all[0].Columns;
            for (var first = 0; first < all[0].Columns; first += Widest) yield return new ParameterPiece(all, first, Math.Min(Widest, all[0].Columns - first));
        }
    }

    /// <summary>Runs of rows that the gradient is a sum over.</summary>
    /// <param name="frame">The whole batch.</param>
    public int Runs(in Frame frame)
    {
        var most = 0;
        foreach (var operation in Operations) most = Math.Max(most, operation.Runs(frame));
        return most;
    }

    /// <summary>The gradient, run by run.</summary>
    /// <param name="frame">The whole batch, or a slice.</param>
    /// <param name="add">Whether it is added to what is there.</param>
    public void Differentiate(in Frame frame, bool add)
    {
        var runs = Runs(frame);
        for (var run = 0; run < runs; run++) Differentiate(frame, run, add);
    }

    /// <summary>Adds a run of rows to the gradient; the first writes it, unless it is to be added too.</summary>
    /// <param name="frame">The whole batch, or a slice.</param>
    /// <param name="run">Which one, from 0; nothing is done where there are fewer.</param>
    /// <param name="add">Whether the first is added to what is there.</param>
    public void Differentiate(in Frame frame, int run, bool add)
    {
        for (var i = 0; i < Operations.Length; i++)
        {
            if (run < Operations[i].Runs(frame)) Operations[i].ParameterGradient(frame, run, First, Count, add || i > 0);
        }
    }
}
