using System.Runtime.InteropServices;

namespace Ornstein.Cli.Machine;

/// <summary>The processor.</summary>
internal static class Processor
{
    private const string CpuInfo = "/proc/cpuinfo", ModelName = "model name";

    /// <summary>Its name; what kind it is where the system does not say.</summary>
    public static string Name()
    {
        var kind = RuntimeInformation.ProcessArchitecture.ToString();
        if (!File.Exists(CpuInfo)) return kind;
        try
        {
            var line = File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith(ModelName, StringComparison.Ordinal));
            return line?.Split(':', 2) is [_, var name] ? name.Trim() : kind;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return kind;
        }
    }
}
