using System.Globalization;
using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Studies on a Slurm cluster with the real daemons.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class SlurmTests : IDisposable
{
    private readonly SlurmStudy _study = new();

    public void Dispose() => _study.Dispose();

    /// <summary>
    /// 42 cells. Two of them are long: one is in mid-training when its node is killed, the other when its job is preempted. The controller is
    /// killed hard and started again in between. Everything ends with the bytes of a study that was left alone.
    /// </summary>
    [Fact(Explicit = true)]
    public void Submit_NodeKilledJobPreemptedControllerKilled_EndsAsStudyRunDoes()
    {
        SlurmCluster.SkipWhereThereIsNone();
        _study.Write(SlurmStudy.Cells(40, longEpochs: 600));
        _study.Ornstein("run", "study.json", "--out", "whole").Expect(0);

        using var cluster = new SlurmCluster();
        // One cell by hand: the pace by which the others are packed, and results of both mix.
        _study.Ornstein("run", "study.json", "--only", "m0").Expect(0);
        var submitted = _study.Ornstein("submit", "study.json", "--partition", "low", "--time", "10:00", "--cpus", "1", "--element-time", "0:04").Expect(0).Output;
        Assert.Matches(@"^submitted 41 cells as \d+ elements: job ", submitted);
        var submission = JsonNode.Parse(File.ReadAllText(Path.Combine(_study.Folder, "submissions", "1.json")))!;
        var elements = (int)submission["elements"]!;
        Assert.InRange(elements, 4, 41);
        // An array of this cluster has nine elements at most.
        Assert.Equal((elements + 8) / 9, submission["arrays"]!.AsArray().Count);

        SlurmCluster.WaitFor(() => _study.Step("long-a") >= 40 && _study.Step("long-b") >= 40, 60, "both long cells in mid-training");
        var (first, second) = (_study.Node("long-a"), _study.Node("long-b"));
        cluster.KillController();
        cluster.KillNode(first);
        var killedAt = _study.Step("long-a");
        cluster.StartController();
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h -r -p low").Contains(" n", StringComparison.Ordinal) || _study.Step("long-b") < 0, 30, "a controller that answers");

        // A more urgent job takes the other node: the cell there stops with a checkpoint, and its job is started again.
        if (second != first)
        {
            SlurmCluster.Shell($"sbatch -p all -w {second} -n 1 -c 2 --mem=0 -o /dev/null --wrap 'sleep 2'");
            SlurmCluster.WaitFor(() => _study.Log("long-b").Contains("out of time", StringComparison.Ordinal) || _study.Step("long-b") < 0, 60, "a checkpoint at the warning");
        }

        SlurmCluster.WaitFor(() => SlurmCluster.Shell($"sinfo -h -n {first} -o %T").Contains("down", StringComparison.Ordinal), 60, "Slurm to notice the dead node");
        cluster.StartNode(first);
        _study.Finish(240);

        _study.AssertSame();
        // Nothing but the last interval was trained twice.
        var restarted = _study.Log("long-a").Split('\n').Where(line => line.StartsWith("going on from step", StringComparison.Ordinal)).ToArray();
        Assert.Contains(restarted, line => int.Parse(line.Split(' ')[4].TrimEnd(':'), NumberStyles.AllowThousands, CultureInfo.InvariantCulture) >= killedAt);
        if (second != first) Assert.Contains("going on from step", _study.Log("long-b"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_study.Folder, "attempts")));
    }

    /// <summary>Cancelled in mid-training by 'study cancel', it stays so, and goes on when asked; a job that scancel ended is not revived either.</summary>
    [Fact(Explicit = true)]
    public void Cancel_RunningAndWaitingElements_StayCancelledUntilResumed()
    {
        SlurmCluster.SkipWhereThereIsNone();
        _study.Write(SlurmStudy.Cells(1, longEpochs: 2_500));
        _study.Ornstein("run", "study.json", "--out", "whole").Expect(0);
        using var cluster = new SlurmCluster();
        _study.Ornstein("submit", "study.json", "--partition", "all", "--max-running", "1").Expect(0);
        SlurmCluster.WaitFor(() => _study.Step("long-a") >= 20, 60, "the first cell in mid-training");
        Assert.Contains("nothing to submit: of 3 cells 0 are done, 1 running, 2 submitted", TinyRun.OneLine(_study.Ornstein("submit", "study.json")), StringComparison.Ordinal);
        _study.Ornstein("collect", "study.json").Expect(0);
        Assert.Contains("long-a: running", File.ReadAllText(Path.Combine(_study.Folder, "report.md")), StringComparison.Ordinal);
        _study.Ornstein("cancel", "study.json").Expect(0);
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 30, "an empty queue");
        var status = _study.Status();
        Assert.All(status, cell => Assert.Equal("waiting", (string)cell["stage"]!));
        Assert.All(status, cell => Assert.StartsWith("cancelled, element", (string)cell["reason"]!, StringComparison.Ordinal));
        var step = _study.Step("long-a");
        Assert.True(step >= 20);

        _study.Ornstein("resume", "study.json").Expect(0);
        SlurmCluster.WaitFor(() => _study.Log("long-a").Contains("going on from step", StringComparison.Ordinal), 60, "the first cell to go on");
        SlurmCluster.Shell("scancel -u root");
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 30, "an empty queue");
        Thread.Sleep(2000);
        Assert.Equal("", SlurmCluster.Shell("squeue -h"));
        Assert.All(_study.Status(), cell => Assert.StartsWith("cancelled in Slurm, element", (string)cell["reason"]!, StringComparison.Ordinal));
        _study.Ornstein("resume", "study.json").Expect(0);
        _study.Finish(180);
        _study.AssertSame();
    }

    /// <summary>The controller lost the jobs; an element died of what is no fault of its cells: both are lost, named, and submitted again.</summary>
    [Fact(Explicit = true)]
    public void Resume_LostElements_SubmitsThemAloneAlsoWhereTheFolderWasMoved()
    {
        SlurmCluster.SkipWhereThereIsNone();
        _study.Write(SlurmStudy.Cells(3, longEpochs: 1));
        _study.Ornstein("run", "study.json", "--out", "whole").Expect(0);
        using var cluster = new SlurmCluster();
        // All nodes are taken: the elements wait until the folder has another place.
        SlurmCluster.Shell("sbatch -p all -N 2 -c 2 --mem=0 -o /dev/null --job-name=blocker --wrap 'sleep 600'");
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h -t R").Length > 0, 20, "the job that takes all nodes");
        _study.Ornstein("submit", "study.json").Expect(0);
        Assert.All(_study.Status(), cell => Assert.Contains("element", (string)cell["reason"]!, StringComparison.Ordinal));
        Directory.Move(_study.Folder, _study.At("moved"));
        SlurmCluster.Shell("scancel --name=blocker");
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 60, "an empty queue");
        Directory.Move(_study.At("moved"), _study.Folder);
        var lost = _study.Ornstein("status", "study.json").Expect(0).Output;
        Assert.Matches(@"lost: m0, epoch 0 of 2: element 2 of submission 1, job \d+_2 ended as FAILED on n", lost);
        Assert.Contains("5 lost ('study resume' submits them again)", TinyRun.OneLine(_study.Ornstein("submit", "study.json")), StringComparison.Ordinal);
        _study.Ornstein("resume", "study.json").Expect(0);
        _study.Finish(90);
        _study.AssertSame();
    }

    [Fact(Explicit = true)]
    public void Submit_WhatSlurmRefuses_IsOneLineAndLeavesNothing()
    {
        SlurmCluster.SkipWhereThereIsNone();
        _study.Write(SlurmStudy.Cells(1, longEpochs: 1));
        using var cluster = new SlurmCluster();
        var before = TinyRun.Snapshot(_study.At("."));
        void Refused(string expected, params string[] options) =>
            Assert.Contains(expected, TinyRun.OneLine(_study.Ornstein(["submit", "study.json", .. options])), StringComparison.Ordinal);
        Refused("there is no partition lwo; did you mean 'low'?; partitions are all, low, short", "--partition", "lwo");
        Refused("partition short refuses --time 20:00: its limit is 00:10:00", "--partition", "short", "--time", "20:00");
        Refused("partition all refuses --cpus 3: its largest node has 2", "--cpus", "3");
        Refused("Slurm refuses the submission: Invalid generic resource (gres) specification", "--gpus", "1");
        Refused("Slurm refuses the submission: Batch job submission failed: Invalid feature specification", "--sbatch=--constraint=best");
        Assert.Contains("#SBATCH --partition=low\n", _study.Ornstein("submit", "study.json", "--partition", "low", "--dry-run").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(_study.At(".")));
        var configuration = Environment.GetEnvironmentVariable("SLURM_CONF");
        Environment.SetEnvironmentVariable("SLURM_CONF", "/dev/null");
        Refused("Slurm does not answer: ");
        Environment.SetEnvironmentVariable("SLURM_CONF", configuration);
    }
}
