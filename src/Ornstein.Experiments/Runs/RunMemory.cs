using System.Diagnostics;
using System.Globalization;
using Ornstein.Experiments.Settings;
using Ornstein.Information;
using Ornstein.Models;

namespace Ornstein.Experiments.Runs;

/// <summary>The memory of a run's process, said before it starts: what its probe took, which trains and measures as the run does, on fewer data.</summary>
internal static class RunMemory
{
    /// <summary>The most that this process has taken so far, bytes.</summary>
    public static long AtMostSoFar()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>The most that it will take, bytes.</summary>
    /// <param name="rates">What the probe found.</param>
    /// <param name="lengths">How much the run has of each part.</param>
    /// <param name="vae">Its stack.</param>
    /// <param name="test">Its test data.</param>
    public static double Of(RunRates rates, RunLengths lengths, HierarchicalVae vae, int test)
    {
        if (lengths.Information == 0) return rates.Memory;
        long Bytes(int data, int members) => LayerCodes.MostBytesOf(vae, data, members, RunPlan.Information);
        var more = Bytes(lengths.Information, vae.Members.Count) - Bytes(RunProbe.InformationRowsOf(vae, test), RunProbe.InformationMembersOf(vae));
        return rates.Memory + Math.Max(0, more);
    }

    /// <summary>As the end of a sentence, in gigabytes, or megabytes below one; nothing where it is not known.</summary>
    public static string Text(double bytes) => bytes switch
    {
        0 => "",
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $", and {bytes / 1e9:0.0} GB of memory"),
        _ => string.Create(CultureInfo.InvariantCulture, $", and {Math.Round(bytes / 1e7) * 10:0} MB of memory"),
    };
}
