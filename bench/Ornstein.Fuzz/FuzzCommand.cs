using System.Diagnostics;
using System.Globalization;
using Ornstein.Fuzzing;

namespace Ornstein.Fuzz;

/// <summary>
/// `fuzz`: feeds parsers inputs that are mostly damaged, and holds them to their contract (<see cref="Contract"/>). An input that breaks it goes to a file, with the line that
/// repeats it. The exit code is 1 where there was one.
/// </summary>
internal static class FuzzCommand
{
    // A parser's inputs come in rounds with those of the others, so that a campaign that is stopped has been at all of them.
    private const int Rounds = 20;

    public static int Run(FuzzOptions options)
    {
        var (began, faults) = (Stopwatch.GetTimestamp(), 0);
        long? until = double.IsInfinity(options.Minutes) ? null : began + (long)(options.Minutes * 60 * Stopwatch.Frequency);
        var tallies = options.Only.ToDictionary(target => target, target => new Tally(target));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (target, tally) in tallies)
            {
                var (all, rounds) = (options.InputsOf(target), Math.Min(Rounds, options.InputsOf(target)));
                if (round >= rounds) continue;
                var (from, to) = (all * round / rounds, all * (round + 1) / rounds);
                if (new Campaign(target, options.Seed).Run(tally, options.First + from, to - from, until) is { } hanging) return SayHanging(hanging, options);
            }

            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{tallies.Values.Sum(tally => tally.Inputs):N0} inputs, {tallies.Values.Sum(tally => tally.Faults.Count())} kinds of faults, {Stopwatch.GetElapsedTime(began).TotalMinutes:F1} min"));
            if (until is { } end && Stopwatch.GetTimestamp() >= end) break;
        }

        Write(tallies.Values, Stopwatch.GetElapsedTime(began));
        foreach (var (first, count) in tallies.Values.SelectMany(tally => tally.Faults))
        {
            faults++;
            Console.WriteLine();
            Console.WriteLine($"{first.Case.Target.Name}: {first.What}");
            Console.WriteLine($"  {count.ToString("N0", CultureInfo.InvariantCulture)} inputs; the first is {Keep(first.Case, first.Input, options)}");
            Console.WriteLine($"  {first.Case.Command}");
        }

        return faults == 0 ? 0 : 1;
    }

    private static int SayHanging(FuzzCase hanging, FuzzOptions options)
    {
        Console.WriteLine($"{hanging.Target.Name}: an input of {Keep(hanging, hanging.Make(), options)} is not read after {Campaign.Hang.TotalSeconds} s");
        Console.WriteLine($"  {hanging.Command}");
        return 1;
    }

    private static string Keep(FuzzCase @case, byte[] input, FuzzOptions options)
    {
        Directory.CreateDirectory(options.Out);
        var path = Path.Combine(options.Out, $"{@case.Target.Name}-{@case.Seed}-{@case.Index}");
        File.WriteAllBytes(path, input);
        return path;
    }

    private static void Write(IReadOnlyCollection<Tally> tallies, TimeSpan elapsed)
    {
        Console.WriteLine("| parser | inputs | read | refused | faults | inputs/s | slowest ms | memory: most MB | of the bound |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var tally in tallies)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {tally.Target.Name} | {tally.Inputs:N0} | {tally.Read:N0} | {tally.Refused:N0} | {tally.Faults.Sum(fault => fault.Count):N0} | {tally.Inputs / Math.Max(1e-9, tally.Seconds):N0} | {tally.Slowest.Elapsed.TotalMilliseconds:F1} | {tally.MostAllocated / 1e6:F1} | {100 * tally.Heaviest.Share:F0} % |"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"\n{tallies.Sum(tally => tally.Inputs):N0} inputs of {tallies.Sum(tally => tally.Bytes) / 1e6:N0} MB in {elapsed.TotalMinutes:F1} min, {tallies.Sum(tally => tally.Faults.Sum(fault => fault.Count)):N0} faults"));
    }
}
