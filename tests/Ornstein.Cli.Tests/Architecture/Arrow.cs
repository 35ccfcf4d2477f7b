namespace Ornstein.Cli.Tests.Architecture;

/// <summary>A use of a type by another, each with its namespace.</summary>
internal sealed record Arrow(string FromNamespace, string From, string ToNamespace, string To)
{
    public override string ToString() => $"{FromNamespace}.{From} -> {ToNamespace}.{To}";
}
