namespace Ornstein.Diagnosis;

/// <summary>Which small code of a collapsed layer is asked for (docs/theory.md, "The stability of a collapsed layer").</summary>
public enum Criterion
{
    /// <summary>Codes in means of the layer above that read the layer below linearly, for means of the layer below: a lower bound for all networks.</summary>
    LinearReadOut,

    /// <summary>Any code in means of the layer above, for means and widths of the layer below; where moments were not measured, the linear read-out.</summary>
    Means,

    /// <summary>Any code in widths of the layer above, for means and widths of the layer below: the layer above must have widths that depend on its input.</summary>
    Widths,
}
