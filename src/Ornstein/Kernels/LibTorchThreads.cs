using System.Runtime.InteropServices;

namespace Ornstein.Kernels;

/// <summary>How libtorch's threads wait for each other.</summary>
internal static partial class LibTorchThreads
{
    private const string Policy = "OMP_WAIT_POLICY";

    /// <summary>
    /// Lets them wait asleep, where the environment does not say otherwise: they spin by themselves, and where other programs
    /// take the processors, a step of many small tensors then takes twenty times as long. To be called before libtorch is used.
    /// </summary>
    public static void WaitAsleep()
    {
        if (Environment.GetEnvironmentVariable(Policy) is not null) return;
        Environment.SetEnvironmentVariable(Policy, "passive");
        if (!OperatingSystem.IsWindows()) _ = SetVariable(Policy, "passive", 1); // .NET keeps its own copy of the environment
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
