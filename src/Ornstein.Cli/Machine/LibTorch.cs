using System.Reflection;
using System.Runtime.InteropServices;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Text;
using Ornstein.Stacks;
using TorchSharp;

namespace Ornstein.Cli.Machine;

/// <summary>The native half of TorchSharp.</summary>
internal static class LibTorch
{
    /// <summary>The version that this program was built with.</summary>
    public static string Version { get; } = typeof(LibTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(data => data.Key == "LibTorch")?.Value ?? "of unknown version";

    /// <summary>What it computes on, by the libraries that lie beside this program; nothing is loaded.</summary>
    public static string Backend => Files("torch_cuda").Any() ? "CUDA" : Files("torch_cpu").Any() ? "processor" : "not found";

    /// <summary>Whether it loads, with how many threads, and which cards it sees.</summary>
    public static IEnumerable<MachineCheck> Checks()
    {
        if (Failure() is { } failure)
        {
            yield return MachineCheck.Wrong("libtorch", $"{Version}: {failure}", "nothing can be trained");
            yield break;
        }

        yield return MachineCheck.Ok("libtorch", $"{Version} for the {Backend}, loads");
        yield return MachineCheck.Ok("threads", $"{RunThreads.Count} of {Environment.ProcessorCount} processors");
        string[] cards = [.. Devices.All.Where(device => device != Devices.Processor)];
        yield return cards.Length > 0
            ? MachineCheck.Ok("GPU", string.Join(", ", cards))
            : MachineCheck.Absent("GPU", "none", "--device cuda needs one, and libtorch with CUDA (docs/packaging.md)");
    }

    // As a run would be told: a library that is missing, or memory that does not suffice.
    private static string? Failure()
    {
        try
        {
            RunThreads.Set(0);
            using var one = torch.ones(1);
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException or ExternalException or NotSupportedException)
        {
            return FailureText.Of(e);
        }
    }

    private static IEnumerable<string> Files(string name) => Directory.EnumerateFiles(
        AppContext.BaseDirectory, OperatingSystem.IsWindows() ? $"{name}.dll" : $"lib{name}.*", SearchOption.AllDirectories);
}
