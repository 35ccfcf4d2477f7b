using Ornstein.Models;
using Ornstein.Results;

namespace Ornstein.Measures;

/// <summary>
/// A quantity that is measured of models on held-out data. One class is a quantity: after <see cref="Measure.Register"/> every run measures it at its
/// end and <c>eval</c> measures it again, and results, tables, the report, comparisons and CSV show it by themselves. Immutable, and equal where it
/// means the same: a record.
/// </summary>
public interface IMeasure
{
    /// <summary>As files write it: camel case, letters and digits, such as <c>codeNorm</c>.</summary>
    string Key { get; }

    /// <summary>As tables write it: a few letters, such as <c>|mean|</c>.</summary>
    string Heading { get; }

    /// <summary>What it is, a sentence without its full stop, which stands below tables.</summary>
    string Legend { get; }

    /// <summary><c>nats</c>, <c>units</c>, <c>%</c> (a share in [0, 1], which tables show times 100), any other word, or empty for none.</summary>
    string Unit => "";

    /// <summary>Whether every layer has one; otherwise the model has one.</summary>
    bool IsPerLayer => false;

    /// <summary>Whether a small number is the better one, which <c>compare --sort</c> then puts first.</summary>
    bool IsBestLow => false;

    /// <summary>Why models have none, in words that end a sentence, such as <c>it needs two layers</c>; null where they have. It is then not measured.</summary>
    /// <param name="stack">The models.</param>
    string? Misfit(HierarchicalVae stack) => null;

    /// <summary>Measures every member of a stack; numbers of members that diverged are not used. Gradients are off, and tensors that it makes are disposed.</summary>
    /// <param name="on">The stack, the data, and where draws come from.</param>
    /// <returns>[members][layers], z1 first; [members][1] where it is of the model.</returns>
    IReadOnlyList<IReadOnlyList<Estimate>> Of(MeasuredModels on);
}
