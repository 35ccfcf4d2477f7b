using System.Text.RegularExpressions;
using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>Which namespaces of this project the directives of a project's sources name.</summary>
internal static partial class SourceUses
{
    /// <summary>An arrow for each directive: from the file to the namespace.</summary>
    /// <param name="project">Folder of the project under <c>src</c>.</param>
    public static IEnumerable<Arrow> Of(string project)
    {
        var folder = Path.Combine(DotNet.Repository, "src", project);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            if (Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0] is "obj" or "bin") continue;
            var text = File.ReadAllText(file);
            if (Namespace().Match(text) is not { Success: true } own) continue;
            foreach (var named in Directive().Matches(text).Select(match => match.Groups[1].Value))
                yield return new Arrow(own.Groups[1].Value, Path.GetFileName(file), named, "*");
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (Ornstein[\w.]*);", RegexOptions.Multiline, 1000)]
    private static partial Regex Directive();
}
