using Ornstein.Experiments.Comparisons;
using Ornstein.Experiments.Exports;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Fuzzing.Inputs;
using Ornstein.Runs;
using Ornstein.Studies;
using Ornstein.Studies.Numbers;
using Ornstein.View.Documents;
using Ornstein.View.Listing;

namespace Ornstein.Fuzzing.Targets;

/// <summary>
/// The files of a run folder. Each is damaged in a folder that is sound otherwise, and read by all that read it: comparisons, exports, studies, the page. What reading
/// takes is that of the sound files, a few hundred kilobytes, and of the damaged one.
/// </summary>
internal static class RunTargets
{
    private static readonly string[] _files = ["config.json", "phase.json", "evaluation.json", "cost.json", "metrics.jsonl", "checkpoint/state.json"];
    private static readonly Dictionary<string, JsonTree> _seeds = new[] { "config.json", "phase.json", "evaluation.json", "cost.json", "branches.json" }.ToDictionary(name => name, Stored.SeedTree, StringComparer.Ordinal);
    private static readonly JsonTree[] _lines = [.. Stored.SeedText("metrics.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JsonTree.Parse)];
    private static readonly StudyCell _cell = StudyJson.Parse(Stored.SeedText("study.json"), "study.json").Cells[0];

    public static IEnumerable<FuzzTarget> All()
    {
        yield return Of("config", "config.json, as --config names it", ["config.json"], path => SettingsJson.Read(path.Config, RunSettings.ForPhase).Validate()) with { InTest = 2500 };
        yield return Of(
            "config-stored", "config.json of a run", ["config.json"], path => StoredRun.ShownSettingsOf(path), path => StoredRun.SettingsOf(path), path => SettingsJson.ReadFacts(path.Config),
            path => SettingsJson.ReadProvenance(path.Config), List, path => ComparedRun.Read(path.Path), path => TrainedEpochs.Of(path.Path), path => RunDocument.Of(Place(path)));
        yield return Of("phase", "phase.json", ["phase.json"], path => StoredResult.Read(path), Compare, List, path => RunDocument.Of(Place(path)), Study);
        yield return Of("evaluation", "evaluation.json", ["evaluation.json"], Compare);
        yield return Of("cost", "cost.json", ["cost.json"], path => RunCost.Read(path), Compare);
        yield return Of(
            "metrics", "metrics.jsonl", ["metrics.jsonl"], path => MetricsLog.Read(path.Metrics), path => new EpochLog(path.Metrics).Read(), path => EpochLog.Last(path.Metrics), List,
            path => EpochTable.Csv(TrainedEpochs.Of(path.Path)), Compare, path => EpochDocument.From(new EpochLog(path.Metrics).Read(), "kl-z1"), Study);
        yield return Of("branches", "branches.json", ["branches.json"], path => _ = Experiments.Run.Open(path.Path).Branches);
    }

    // All that read the file, one after the other; the first refusal is that of the file.
    private static FuzzTarget Of(string name, string reads, string[] files, params Action<RunFolder>[] readers) => new(
        name, reads, random => Input(random, files[0]), (folder, input) =>
        {
            foreach (var file in _files) folder.Keep("run/" + file, () => Stored.Seed(Path.GetFileName(file)));
            folder.Write("run/" + files[0], input);
            OrnsteinException? refusal = null;
            foreach (var read in readers)
            {
                try
                {
                    read(new RunFolder(folder["run"]));
                }
                catch (OrnsteinException error)
                {
                    refusal ??= error;
                }
            }

            if (refusal is not null) throw refusal;
        }, new(16 << 20, 1500), 400);

    private static byte[] Input(Random random, string file)
    {
        if (!file.EndsWith(".jsonl", StringComparison.Ordinal)) return JsonInputs.Of(random, [_seeds[file]]);
        // A log is lines, most of them sound.
        var which = random.Next(_lines.Length);
        byte[][] all = [.. _lines.Select((line, i) => i == which ? JsonInputs.Of(random, [line]) : System.Text.Encoding.UTF8.GetBytes(line.ToString()))];
        byte[] log = [.. all.SelectMany(line => line.Append((byte)'\n'))];
        return random.Next(10) == 0 ? ByteInputs.Changed(random, log) : log;
    }

    private static RunPlace Place(RunFolder folder) => new("run", folder.Path, null);

    private static void Compare(RunFolder folder)
    {
        var run = ComparedRun.Read(folder.Path);
        var comparison = Comparison.Of([run, run], ComparisonColumn.Bound, allowDifferentData: true);
        ComparisonText.Write(comparison, TextWriter.Null);
        ComparisonText.Markdown(comparison);
        ComparisonText.Csv(comparison);
        comparison.Json();
        var curves = TrainingCurve.Of(comparison, [run]);
        if (curves.Count > 0) TrainingCurve.Csv(curves);
        CompareDocument.Of([folder.Path]);
    }

    // Whatever is wrong with a run, the list shows it; a defect among it is one all the same.
    private static void List(RunFolder folder)
    {
        if (RunReader.Read(Place(folder), RunReader.StampOf(folder.Path)!).Trouble is not { } trouble) return;
        throw trouble.Contains("this is a defect", StringComparison.Ordinal) ? new InvalidOperationException(trouble) : new OrnsteinException(trouble);
    }

    private static void Study(RunFolder folder) => CellReader.Read(_cell, folder, new Studies.Status.StudyCellState(Studies.Status.CellStage.Waiting, 0, null));
}
