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
    // Programs are planned for at most so many samples; memory grows with them in a straight line.
    private const int MostPlanned = 1000;

    /// <summary>Processor threads.</summary>
    public int Threads { get; } = threads > 0 ? threads : get_num_threads();

    /// <summary>Floats of the largest program's slots.</summary>
    public long Slots { get; } = programs.Max(program => program.Memory.Length);

    /// <summary>Depth of the deepest product.</summary>
    public long Depth { get; } = programs.Max(program => program.Memory.DepthWith(vae.Parameters.Layout));

    /// <summary>Bytes of all threads together.</summary>
    public double Bytes => 4.0 * Threads * (Slots + vae.Parameters.Layout.Length + MatrixProduct.PanelLength(Depth));

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
        MemberPrograms Planned(int samples) => new(vae, batch, new StepScalars(vae), samples);
        var (many, one) = (Planned(MostPlanned), Planned(1));
        var count = threads > 0 ? threads : get_num_threads();
        var needs = vae.Members.Select((member, i) => new MemberNeed(
            member.Remedy.Joint?.Count ?? 1, new StepNeed(vae, one.AllOf(i), threads).Bytes, new StepNeed(vae, many.AllOf(i), threads).Bytes));
        var most = needs.MaxBy(need => need.Bytes)!;
        if (most.Bytes <= available) return;
        var needed = $"a step of batches of {batch} takes {most.Bytes / 1e9:F1} GB on {count} threads, and there are {available / 1e9:F1} GB";
        throw new OrnsteinException(most.Samples > 1 && most.Fitting(available) >= 2
            ? $"iwae:{most.Samples}: {needed}; about {most.Fitting(available):F0} samples fit: give fewer samples, or smaller batches."
            : $"{needed}; give smaller batches, fewer inner draws or fewer threads.");
    }

    // What a member's programs take, from that of one sample and of as many as were planned.
    private sealed record MemberNeed(int Samples, double One, double Planned)
    {
        public double Bytes => One + (PerSample * (Samples - 1));

        public double Fitting(double available) => 1 + Math.Floor((available - One) / PerSample);

        private double PerSample => Samples == 1 ? 0 : (Planned - One) / (Math.Min(Samples, MostPlanned) - 1);
    }
}
