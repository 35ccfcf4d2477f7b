using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ornstein.Cli.Machine;

/// <summary>The processor, as far as this program's speed and bits depend on it.</summary>
internal static class Processor
{
    private const string CpuInfo = "/proc/cpuinfo", ModelName = "model name";

    /// <summary>The widest vector instructions that the kernels use here: those that .NET makes of them, which DOTNET_EnableAVX512=0 takes away.</summary>
    public static string Vectors => Vector512.IsHardwareAccelerated ? "AVX-512"
        : Avx2.IsSupported ? "AVX2"
        : Vector128.IsHardwareAccelerated ? "vectors of 128 bits" : "no vectors";

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
