namespace Ornstein.Cli.Tables;

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
}
