using TorchSharp;

namespace Ornstein.Cli.Runs;

/// <summary>The processor threads of this process.</summary>
internal static class RunThreads
{
    /// <summary>Their number.</summary>
    public static int Count => torch.get_num_threads();

    /// <summary>Sets their number; 0 takes every processor.</summary>
    public static void Set(int threads) => torch.set_num_threads(threads == 0 ? Environment.ProcessorCount : threads);
}
