using Ornstein.Batching;

namespace Ornstein.Probes;

/// <summary>Data with the class of each.</summary>
/// <param name="Rows">The data.</param>
/// <param name="Labels">Class of every row, from 0.</param>
public sealed record LabelledRows(DataRows Rows, int[] Labels);
