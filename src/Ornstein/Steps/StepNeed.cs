using Ornstein.Kernels;
using Ornstein.Models;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>The memory that fused steps take.</summary>
/// <param name="vae">The stack.</param>
/// <param name="programs">Its programs, or some of them.</param>
/// <param name="threads">Processor threads; 0 takes as many as libtorch.</param>
internal sealed class StepNeed(HierarchicalVae vae, IReadOnlyList<StepProgram> programs, int threads)
{
    // Programs are planned for at most so many samples; from half of them on, beyond the rows of a slice, memory grows with them in a straight line.
    private const int MostPlanned = 4 * StepProgram.MostRows;

    /// <summary>Processor threads.</summary>
    public int Threads { get; } = threads > 0 ? threads : get_num_threads();

    /// <summary>Floats of the largest program's slots.</summary>
    public long Slots { get; } = programs.Max(program => program.Memory.Length);

    /// <summary>What products are packed in.</summary>
    public PackingNeed Packing { get; } = WorkspacePlan.PackingOf(programs.Select(program => program.Memory), vae.Parameters.Layout, withGradients: true);

    /// <summary>Bytes of all threads together.</summary>
    public double Bytes => 4.0 * Threads * (Slots + vae.Parameters.Layout.Length + Packing.Length);

    /// <summary>Throws where a stack's steps need more memory than there is, before anything of it is taken: systems that promise more than they have end the program instead.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="batch">Data of a batch.</param>
    /// <param name="threads">Processor threads; 0 takes as many as libtorch.</param>
    /// <exception cref="OrnsteinException">Says what would fit.</exception>
    public static void Require(HierarchicalVae vae, int batch, int threads = 0) => Require(vae, batch, threads, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>The same for so many bytes.</summary>
    internal static void Require(HierarchicalVae vae, int batch, int threads, double available)
    {
        StepSupport.Require(StepSupport.Lacks(vae));
        var count = threads > 0 ? threads : get_num_threads();
        double Planned(int member, int samples) => new StepNeed(vae, new MemberPrograms(vae, batch, new StepScalars(vae), samples).AllOf(member), threads).Bytes;
        var needs = vae.Members.Select((member, i) => new MemberNeed(member.Remedy.Joint?.Count ?? 1, samples => Planned(i, samples)));
        var most = needs.MaxBy(need => need.Bytes)!;
        if (most.Bytes <= available) return;
        var needed = $"a step of batches of {batch} takes {most.Bytes / 1e9:F1} GB on {count} threads, and there are {available / 1e9:F1} GB";
        throw new OrnsteinException(most.Samples > 1 && most.Fitting(available) is >= 2 and var fitting
            ? $"iwae:{most.Samples}: {needed}; about {fitting:F0} samples fit: give fewer samples, or smaller batches."
            : $"{needed}; give smaller batches, fewer inner draws or fewer threads.");
    }

    // What a member's programs take.
    private sealed record MemberNeed(int Samples, Func<int, double> Planned)
    {
        public double Bytes { get; } = Samples <= MostPlanned ? Planned(Samples) : Planned(MostPlanned) + (PerSample(Planned) * (Samples - MostPlanned));

        public double Fitting(double available)
        {
            var planned = Math.Min(Samples, MostPlanned);
            if (Samples > MostPlanned && Planned(MostPlanned) <= available) return MostPlanned + Math.Floor((available - Planned(MostPlanned)) / PerSample(Planned));
            while (planned > 1 && Planned(planned) > available) planned--;
            return planned;
        }

        private static double PerSample(Func<int, double> planned) => (planned(MostPlanned) - planned(MostPlanned / 2)) / (MostPlanned / 2);
    }
}
