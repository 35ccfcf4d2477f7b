using System.Globalization;
using Ornstein.Fuzzing;
using SharpFuzz;

namespace Ornstein.Fuzz;

/// <summary>
/// The same parsers and the same contract under afl-fuzz, which changes inputs by what code they reach: SharpFuzz tells it, of an assembly that it has instrumented
/// (<c>bench/Ornstein.Fuzz/guided</c>).
/// </summary>
internal static class GuidedFuzzing
{
    private const int Seeds = 200;

    /// <summary>Writes inputs that are read, to begin with.</summary>
    public static void WriteSeeds(FuzzTarget target, string folder)
    {
        using var place = new FuzzFolder();
        Directory.CreateDirectory(folder);
        for (var index = 0; index < Seeds; index++)
        {
            var input = new FuzzCase(target, Seed: 1, index).Make();
            if (input.Length is > 0 and <= 1 << 16 && Contract.Check(target, place, input).WasRead) File.WriteAllBytes(Path.Combine(folder, index.ToString("D3", CultureInfo.InvariantCulture)), input);
        }
    }

    /// <summary>Takes inputs from afl-fuzz; one that breaks the contract throws, which afl-fuzz counts as a crash.</summary>
    public static void Run(FuzzTarget target)
    {
        using var place = new FuzzFolder();
        Fuzzer.Run(stream =>
        {
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            var outcome = Contract.Check(target, place, target.Mend(memory.ToArray()));
            if (outcome.Fault is { } fault) throw new InvalidOperationException(fault);
        });
    }
}
