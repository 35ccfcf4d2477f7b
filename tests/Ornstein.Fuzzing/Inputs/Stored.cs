using System.Text;

namespace Ornstein.Fuzzing.Inputs;

/// <summary>Files that come with this library: sound ones to begin with (Seeds), and inputs that once broke a parser (Found).</summary>
internal static class Stored
{
    /// <summary>A sound file.</summary>
    public static byte[] Seed(string name) => Content("seed/" + name);

    /// <summary>A sound file, as text.</summary>
    public static string SeedText(string name) => Encoding.UTF8.GetString(Seed(name));

    /// <summary>A sound document.</summary>
    public static JsonTree SeedTree(string name) => JsonTree.Parse(SeedText(name));

    /// <summary>Inputs that once broke a parser, as PARSER/NAME.</summary>
    public static IReadOnlyList<string> FoundNames { get; } = [.. typeof(Stored).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("found/", StringComparison.Ordinal))
        .Select(name => name["found/".Length..]).Order(StringComparer.Ordinal)];

    /// <summary>An input that once broke a parser.</summary>
    public static byte[] Found(string name) => Content("found/" + name);

    private static byte[] Content(string name)
    {
        using var stream = typeof(Stored).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"There is no {name}.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
