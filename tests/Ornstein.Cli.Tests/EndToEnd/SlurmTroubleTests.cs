using System.Globalization;
using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What happens to single elements on a cluster with the real daemons: limits, orphans, failures, a full disk.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class SlurmTroubleTests : IDisposable
{
    private readonly SlurmStudy _study = new();

    public void Dispose() => _study.Dispose();

    /// <summary>
    /// Three elements. The first fails by itself. The second loses its node's daemon and hangs; when it wakes, another attempt is at work on its cell.
    /// The third comes to its time limit, and goes on at the step where it stopped.
    /// </summary>
    [Fact(Explicit = true)]
    public void Work_FailureOrphanAndTimeLimit_EachCellAsItShould()
    {
        SlurmCluster.SkipWhereThereIsNone();
        var json = JsonNode.Parse(SlurmStudy.Cells(0, longEpochs: 600))!;
        // Longer than any time limit here, whatever the machine.
        json["models"]!["long-b"]!["epochs"] = 1_000_000;
        json["data"] = JsonNode.Parse("""{ "gone": { "data": "nowhere" }, "digits": {} }""");
        json["experiments"] = JsonNode.Parse(
            """
            {
              "fails": { "data": ["gone"], "models": ["long-a"] },
              "hangs": { "data": ["digits"], "models": ["long-a"] },
              "lasts": { "data": ["digits"], "models": ["long-b"] }
            }
            """);
        _study.Write(json.ToJsonString());
        const string Fails = "gone/long-a", Hangs = "digits/long-a", Lasts = "digits/long-b";
        _study.Ornstein("run", "study.json", "--only", "hangs", "--out", "whole").Expect(0);

        using var cluster = new SlurmCluster();
        // Both processors of a node: an element each.
        _study.Ornstein("submit", "study.json", "--time", "1:00", "--cpus", "2").Expect(0);
        SlurmCluster.WaitFor(() => _study.Step(Hangs) >= 40 && _study.Step(Lasts) >= 0, 60, "both long cells in training");
        var node = _study.Node(Hangs);
        var (orphan, attempt) = (cluster.ProcessOn(node, "work"), _study.Attempt(Hangs));
        cluster.KillDaemon(node);
        SlurmCluster.Shell($"kill -STOP {orphan}");
        var hungAt = _study.Step(Hangs);

        // The limit is looked at every half a minute; the requeued element takes the other node when that is free.
        SlurmCluster.WaitFor(() => _study.Log(Lasts).Contains("out of time", StringComparison.Ordinal), 120, "the warning before the time limit");
        SlurmCluster.WaitFor(() => _study.Attempt(Hangs) != attempt, 120, "another attempt at the cell of the orphan");
        SlurmCluster.Shell($"kill -CONT {orphan}");
        SlurmCluster.WaitFor(() => _study.Log(Hangs).Contains("another attempt took it over", StringComparison.Ordinal), 60, "the orphan to stop");
        SlurmCluster.WaitFor(() => _study.StageOf(Hangs) == "done", 240, "the result of the other attempt");
        _study.AssertSame(Hangs);
        Assert.True(GoneOnFrom(Hangs)[^1] >= hungAt);
        Assert.Equal(600, File.ReadLines(Path.Combine(TinyStudy.Cells(_study.Folder)[Hangs], "metrics.jsonl")).Count());

        SlurmCluster.WaitFor(() => _study.Log(Lasts).Contains("going on from step", StringComparison.Ordinal), 120, "the element to go on after its time limit");
        var stopped = _study.Log(Lasts).Split('\n').First(line => line.Contains("with a checkpoint", StringComparison.Ordinal));
        // It may have come to a second limit since.
        Assert.Contains($" at step {GoneOnFrom(Lasts)[0].ToString("N0", CultureInfo.InvariantCulture)},", stopped, StringComparison.Ordinal);

        // A failure is not tried again unasked.
        var failed = _study.Status().Single(cell => (string)cell["cell"]! == Fails);
        Assert.Equal("failed", (string)failed["stage"]!);
        Assert.Contains("nowhere' is neither a data set", (string)failed["reason"]!, StringComparison.Ordinal);
        foreach (var command in new[] { "submit", "resume" })
        {
            // The third runs, or waits between two of its time limits; it is never lost.
            Assert.Matches(
                @"of 3 cells 1 are done, (1 running, 0|0 running, 1) submitted, 1 failed \('study resume --retry' tries them again\) and 0 lost",
                TinyRun.OneLine(_study.Ornstein(command, "study.json")));
        }

        _study.Ornstein("cancel", "study.json").Expect(0);
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 60, "an empty queue");
    }

    /// <summary>The disk of the study fills: the element ends and says so, no cell counts as failed, and with room again it goes on.</summary>
    [Fact(Explicit = true)]
    public void Work_FullDisk_IsLostAndGoesOnWithRoom()
    {
        SlurmCluster.SkipWhereThereIsNone();
        _study.Write(SlurmStudy.Cells(0, longEpochs: 60));
        _study.Ornstein("run", "study.json", "--out", "whole").Expect(0);
        Directory.CreateDirectory(_study.Folder);
        var mounted = SlurmCluster.Shell($"mount -t tmpfs -o size=8m none {_study.Folder}");
        Assert.SkipUnless(mounted.Length == 0, $"no right to mount a small file system: {mounted}");
        try
        {
            using var cluster = new SlurmCluster();
            SlurmCluster.Shell($"head -c 7900K /dev/zero >{_study.Folder}/filler");
            _study.Ornstein("submit", "study.json", "--cpus", "2").Expect(0);
            SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 90, "the elements to end");
            Assert.All(_study.Status(), cell => Assert.Equal("lost", (string)cell["stage"]!));
            Assert.All(_study.Status(), cell => Assert.Contains("the disk is full", (string)cell["reason"]!, StringComparison.Ordinal));
            File.Delete(Path.Combine(_study.Folder, "filler"));
            _study.Ornstein("resume", "study.json").Expect(0);
            _study.Finish(180); // a record that could not be written keeps the cell for AttemptRecord.Patience
            _study.AssertSame();
        }
        finally
        {
            SlurmCluster.Shell($"umount -l {_study.Folder}");
        }
    }

    // In order.
    private long[] GoneOnFrom(string cell) =>
    [
        .. _study.Log(cell).Split('\n').Where(line => line.StartsWith("going on from step", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ')[4].TrimEnd(':'), NumberStyles.AllowThousands, CultureInfo.InvariantCulture)),
    ];
}
