using System.Runtime.InteropServices;
using TorchSharp;

namespace Ornstein.Cli.Runs;

/// <summary>The processor threads of this process.</summary>
internal static partial class RunThreads
{
    /// <summary>Their number.</summary>
    public static int Count => torch.get_num_threads();

    /// <summary>Sets their number; 0 takes every processor.</summary>
    public static void Set(int threads)
    {
        WaitWithoutSpinning();
        torch.set_num_threads(threads == 0 ? Environment.ProcessorCount : threads);
    }

    // libtorch's threads spin while they wait for each other. Where another program wants the same processors, and between libtorch's
    // threads and .NET's own, that costs most of the machine. The variable is read once, when libgomp is loaded by the first tensor; a value that the user has set stands.
    private static void WaitWithoutSpinning()
    {
        if (OperatingSystem.IsLinux()) _ = SetEnvironmentVariable("OMP_WAIT_POLICY", "passive", overwrite: 0);
    }

    // .NET's own call changes its copy of the environment, which native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
