using TorchSharp;

namespace Ornstein.Experiments.Runs;

/// <summary>The processor threads of this process.</summary>
internal static class RunThreads
{
    /// <summary>Their number.</summary>
    public static int Count => torch.get_num_threads();

    /// <summary>Sets their number; 0 takes every processor, or in a job of Slurm those that it was given.</summary>
    // The first call that loads libtorch: where that fails, TorchSharp prints all that it tried where results belong.
    public static void Set(int threads) => WithoutOutput(() => torch.set_num_threads(threads == 0 ? All() : threads));

    // Without cgroups a job sees every processor of its node.
    private static int All() => int.TryParse(Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK"), out var given) && given > 0
        ? Math.Min(given, Environment.ProcessorCount)
        : Environment.ProcessorCount;

    /// <summary>Does something of a library that prints on standard output what is no result of this program; it is left unsaid.</summary>
    private static void WithoutOutput(Action action)
    {
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(output);
        }
    }
}
