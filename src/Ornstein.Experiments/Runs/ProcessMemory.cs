using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ornstein.Experiments.Runs;

/// <summary>Memory of this process, in 10^6 bytes; 0 where the system does not say.</summary>
internal static class ProcessMemory
{
    private const double Megabyte = 1e6;

    /// <summary>What it holds now.</summary>
    public static double Resident() => Of(process => process.WorkingSet64);

    /// <summary>The most that it held so far.</summary>
    public static double Peak() => Of(process => process.PeakWorkingSet64);

    private static double Of(Func<Process, long> size)
    {
        using var process = Process.GetCurrentProcess();
        return size(process) / Megabyte;
    }
}

/// <summary>The memory of a probe and of the process that made it, in 10^6 bytes.</summary>
/// <param name="Step">What training steps added.</param>
/// <param name="After">What the process held when the probe was over: data, libraries, the stack, and what measuring leaves.</param>
/// <param name="Peak">The most that it held until then.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProbeMemory(double Step, double After, double Peak)
{
    // For a unit and a datum: 16 draws of a mean and a width, and what is made of them, with the pieces that the allocator keeps (measured of convolutional models).
    private const double DrawBytes = 128, InformationBytes = 226;

    // Draws of further models are kept up to this (Information/LayerCodes.cs).
    private const double MostDraws = 1L << 29;

    /// <summary>The most that a run will hold.</summary>
    /// <param name="data">Data that information is measured on.</param>
    /// <param name="units">Units of all layers of a model.</param>
    /// <param name="members">Models.</param>
    public double Of(int data, int units, int members)
    {
        var numbers = (double)data * units;
        var further = numbers == 0 ? 0 : Math.Clamp(Math.Floor(MostDraws / (DrawBytes * numbers)), 1, members) - 1;
        return Peak == 0 ? 0 : Math.Max(Peak, After + Math.Max(Step, numbers * (InformationBytes + (further * DrawBytes)) / 1e6));
    }
}
