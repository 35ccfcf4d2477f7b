using Ornstein.Fuzzing.Inputs;

namespace Ornstein.Cli.Tests.BadInput;

/// <summary>The folder of a run of two models that was trained for four steps.</summary>
internal static class SoundRun
{
    private static readonly string[] _files =
        ["config.json", "phase.json", "evaluation.json", "cost.json", "metrics.jsonl", "checkpoint/state.json", "checkpoint/weights-00000004.safetensors"];

    public static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint"));
        foreach (var file in _files) File.WriteAllBytes(Path.Combine(folder, file), Stored.Seed(Path.GetFileName(file)));
    }
}
