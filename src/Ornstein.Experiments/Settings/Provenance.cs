using System.Reflection;
using System.Runtime.InteropServices;

namespace Ornstein.Experiments.Settings;

/// <summary>Where a run came from: enough to judge whether another run was made alike.</summary>
internal sealed record Provenance
{
    public required string Ornstein { get; init; }

    /// <summary>Git commit that this program was built from, where the build knew it.</summary>
    public string? Commit { get; init; }

    public required string TorchSharp { get; init; }

    public required string Dotnet { get; init; }

    public required string System { get; init; }

    public required int Processors { get; init; }

    /// <summary>Vector instructions (<see cref="VectorInstructions"/>); null in runs of earlier versions.</summary>
    public string? Vectors { get; init; }

    /// <summary>The exact command that repeats the run.</summary>
    public required string Command { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public static Provenance Of(string command, DateTimeOffset startedAt)
    {
        (string version, string? commit) = VersionOf(typeof(Provenance).Assembly);
        return new Provenance
        {
            Ornstein = version,
            Commit = commit,
            TorchSharp = VersionOf(typeof(TorchSharp.torch).Assembly).Version,
            Dotnet = Environment.Version.ToString(),
            System = $"{RuntimeInformation.OSDescription.Trim()} ({RuntimeInformation.RuntimeIdentifier})",
            Processors = Environment.ProcessorCount,
            Vectors = VectorInstructions.Name,
            Command = command,
            StartedAt = startedAt,
        };
    }

    /// <summary>The build writes the version as <c>0.1.0+commit</c> when it runs in a checkout.</summary>
    private static (string Version, string? Commit) VersionOf(Assembly assembly)
    {
        string text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "unknown";
        int plus = text.IndexOf('+');
        return plus < 0 ? (text, null) : (text[..plus], text[(plus + 1)..]);
    }
}
