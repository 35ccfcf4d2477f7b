using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>What names a row: its rho and, where models differ in their remedies, its remedy.</summary>
internal static class RowNames
{
    private const string None = "none";

    /// <summary>Whether models differ in their remedies; null is none.</summary>
    public static bool HasSeveral(IEnumerable<string?> remedies) => remedies.Distinct(StringComparer.Ordinal).Count() > 1;

    /// <summary>Titles of the columns that name a row.</summary>
    public static string[] Head(bool several) => several ? ["rho", "remedy"] : ["rho"];

    /// <summary>The cells below them.</summary>
    public static string[] Cells(bool several, string rho, string? remedy) => several ? [rho, remedy ?? None] : [rho];

    /// <summary>The same as one text: <c>0.5, warm-up:20</c>.</summary>
    public static string Text(bool several, string rho, string? remedy) => string.Join(", ", Cells(several, rho, remedy));

    /// <summary>How the rho of harmonics is written: <c>0.5</c>, or <c>0.5:0.8</c> where links differ.</summary>
    public static string Label(SpectrumEntry entry) => string.Join(':', entry.RhoPerLink ?? [entry.Rho]);

    /// <summary>Whether harmonics are of models that differ in their remedies.</summary>
    public static bool HasSeveral(SpectrumResult result) => HasSeveral(result.Members.Select(entry => entry.Remedy));
}
