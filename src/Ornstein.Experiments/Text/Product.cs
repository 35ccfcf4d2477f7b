namespace Ornstein.Experiments.Text;

/// <summary>What this program is called where it names itself.</summary>
internal static class Product
{
    /// <summary>The name of the command.</summary>
    public const string Name = "ornstein";
}
