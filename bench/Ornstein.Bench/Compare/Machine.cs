using System.Runtime.InteropServices;
using TorchSharp;

namespace Ornstein.Bench.Compare;

/// <summary>Where it was measured.</summary>
internal sealed record Machine
{
    public string Processor { get; } = ProcessorName();

    public int Processors { get; } = Environment.ProcessorCount;

    public double MemoryGigabytes { get; } = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1);

    public string System { get; } = RuntimeInformation.OSDescription;

    public string Runtime { get; } = RuntimeInformation.FrameworkDescription;

    public string LibTorch { get; } = torch.__version__;

    public int LibTorchThreads { get; } = torch.get_num_threads();

    /// <summary>Load of the last minute before it began: a busy machine measures nothing. Null where it is not told.</summary>
    public double? LoadBefore { get; } =
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]) : null;

    /// <summary>PyTorch's version and thread settings by what it ran.</summary>
    public Dictionary<string, string> Peers { get; } = new(StringComparer.Ordinal);

    private static string ProcessorName()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information)
            ? File.ReadLines(Information).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
