using System.Text.Json;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// What the models of one folder cost: the content of <c>cost.json</c>. Apart from the results, which equal runs share bit for bit.
/// </summary>
internal sealed record RunCost
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Models that were trained together.</summary>
    public required int Models { get; init; }

    /// <summary>
    /// Seconds of the steps that led to these models, over all processes, without the measurements on validation data. An epoch's are those
    /// of its speed in <c>metrics.jsonl</c>: of an epoch that was cut in two, the second part's speed stands for the whole.
    /// </summary>
    public required double TrainingSeconds { get; init; }

    /// <summary><see cref="TrainingSeconds"/> divided by <see cref="Models"/>: a model alone takes longer.</summary>
    public required double TrainingSecondsPerModel { get; init; }

    /// <summary>
    /// Greatest resident size of a process that trained them, 10^6 bytes; of processes that were killed nothing is known. Null where the
    /// system does not say.
    /// </summary>
    public double? PeakMemoryMegabytes { get; init; }

    private static string PathIn(RunFolder folder) => folder.File("cost.json");

    /// <summary>Whether the cost of a folder's models is stored.</summary>
    public static bool Exists(RunFolder folder) => File.Exists(PathIn(folder));

    /// <summary>The cost of a folder's models; null where none is stored.</summary>
    /// <exception cref="OrnsteinException">The file is not as a run writes it.</exception>
    public static RunCost? Read(RunFolder folder)
    {
        if (!Exists(folder)) return null;
        try
        {
            return StoredDocument.Read<RunCost>(PathIn(folder));
        }
        catch (JsonException error)
        {
            throw new OrnsteinException($"'{PathIn(folder)}' is damaged or of another version; delete it to compare without it.", error);
        }
    }

    /// <summary>Writes what this process and those before it cost so far.</summary>
    /// <param name="folder">The folder of the models.</param>
    /// <param name="models">Their number.</param>
    /// <param name="batch">Data in a step.</param>
    public static void Write(RunFolder folder, int models, int batch)
    {
        var seconds = Seconds(MetricsLog.Read(folder.Metrics), (long)models * batch);
        var before = Exists(folder) ? Read(folder)?.PeakMemoryMegabytes ?? 0 : 0;
        var peak = Math.Max(before, ProcessMemory.Peak());
        var cost = new RunCost
        {
            Models = models,
            TrainingSeconds = seconds,
            TrainingSecondsPerModel = seconds / models,
            PeakMemoryMegabytes = peak > 0 ? peak : null,
        };
        AtomicFile.WriteText(PathIn(folder), JsonSerializer.Serialize(cost, ResultJson.Indented) + "\n");
    }

    /// <summary>Seconds of the epochs of a log.</summary>
    /// <param name="epochs">Its records, in order.</param>
    /// <param name="imagesPerStep">Images of a step, each model's counted.</param>
    internal static double Seconds(IEnumerable<EpochMetrics> epochs, long imagesPerStep)
    {
        var (seconds, step) = (0.0, 0L);
        foreach (var epoch in epochs)
        {
            seconds += (epoch.Step - step) * imagesPerStep / epoch.ImagesPerSecond;
            step = epoch.Step;
        }

        return seconds;
    }
}
