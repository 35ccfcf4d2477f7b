using System.Diagnostics;
using System.Text.Json;
using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Smoothing;
using Ornstein.Stacks;

namespace Ornstein.Bench.Compare;

/// <summary>What a fresh process takes: seconds from its start to the end of its first step, data load time, peak resident size.</summary>
/// <param name="Name">What it ran.</param>
/// <param name="FirstStepSeconds">From the start of the process; null for an evaluation.</param>
/// <param name="DataLoadSeconds">Loading the embedded digits in it.</param>
/// <param name="PeakMegabytes">Peak resident size.</param>
internal sealed record Resources(string Name, double? FirstStepSeconds, double DataLoadSeconds, double PeakMegabytes)
{
    /// <summary>The first argument of a child process.</summary>
    public const string Child = "compare-child";

    private const string Train = "train", Evaluate = "evaluate";

    private sealed record Answer(double DataLoadSeconds, double PeakMegabytes);

    public static IReadOnlyList<Resources> Measure(CompareOptions options)
    {
        var starts = Enumerable.Range(0, options.Quick ? 1 : 5).Select(_ => Run(Train, 1, 0))
            .OrderBy(run => run.FirstStepSeconds).ToArray();
        int[] stacks = options.Quick ? [16] : [2, 4, 8, 16, 32];
        int[] draws = options.Quick ? [64] : [8, 512, 5000];
        var (training, evaluation) = (stacks.Select(members => Run(Train, members, 0)), draws.Select(k => Run(Evaluate, 1, k)));
        return [starts[starts.Length / 2], .. training, .. evaluation];
    }

    /// <summary>The child: a number of steps of a stack, or an evaluation with so many draws.</summary>
    public static void RunChild(IReadOnlyList<string> arguments)
    {
        var (members, draws) = (int.Parse(arguments[1]), int.Parse(arguments[2]));
        var clock = Stopwatch.StartNew();
        var digits = DatasetCatalog.Load("digits");
        var load = clock.Elapsed.TotalSeconds;
        if (arguments[0] == Train)
        {
            using var training = new OwnTraining(BenchModel.Small, members, draws);
            training.Run(1);
            Console.WriteLine("first step");
            training.Run(30);
        }
        else
        {
            using var vae = new HierarchicalVae(BenchModel.Small.Options, OwnTraining.MembersOf(members, 0), new SmoothingOptions());
            var pixels = digits.Test.Bytes!.AsSpan(0, 250 * digits.Features).ToArray();
            using var rows = DataRows.FromPixels(pixels, digits.Features, Binarization.None, training: false);
            Evaluator.Members(vae, rows, new EvaluationOptions { ImportanceDraws = draws });
            Console.WriteLine("evaluated");
        }

        Console.WriteLine(JsonSerializer.Serialize(new Answer(load, ReadPeak())));
    }

    private static Resources Run(string what, int members, int draws)
    {
        Console.Error.Write($"\rresources: {what} x{members} {draws}    ");
        var program = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [typeof(Resources).Assembly.Location, Child, what, $"{members}", $"{draws}"]
            : [Child, what, $"{members}", $"{draws}"];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadLine();
        var seconds = clock.Elapsed.TotalSeconds;
        var answer = JsonSerializer.Deserialize<Answer>(process.StandardOutput.ReadLine() ?? "null")
            ?? throw new InvalidOperationException("a child process of the benchmark failed.");
        process.WaitForExit();
        var name = what == Train ? OwnTraining.NameOf(members, draws) : $"evaluation k={draws}";
        return new Resources(name, what == Train ? seconds : null, answer.DataLoadSeconds, answer.PeakMegabytes);
    }

    private static double ReadPeak()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status)) return Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        var line = File.ReadLines(Status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6;
    }
}
