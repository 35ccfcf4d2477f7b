using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What can happen while cells are given to Slurm, with the real daemons behind an sbatch that does more, or less, than it should.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class SlurmSubmitTests : IDisposable
{
    private const string TimedOut = "echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1";

    private readonly SlurmStudy _study = new();

    public void Dispose() => _study.Dispose();

    /// <summary>
    /// The answer of Slurm comes too late: a job that it took counts as taken; where it is not known, the submission is taken back and can be made again.
    /// </summary>
    [Fact(Explicit = true)]
    public void Submit_SlurmAnswersTooLate_NothingIsGivenTwice()
    {
        SlurmCluster.SkipWhereThereIsNone();
        _study.Write(SlurmStudy.Cells(1, longEpochs: 1));
        _study.Ornstein("run", "study.json", "--out", "whole").Expect(0);
        using var cluster = new SlurmCluster(controller: "idle_on_node_suspend");
        var unknown = TinyRun.OneLine(With(TimedOut, "submit", "study.json"));
        Assert.Contains("whether Slurm took the elements from 0 on is not known (Batch job submission failed: Socket timed out", unknown, StringComparison.Ordinal);
        Assert.Contains("submission 1 was cancelled; submit again", unknown, StringComparison.Ordinal);
        Assert.All(_study.Status(), cell => Assert.StartsWith("cancelled, element", (string)cell["reason"]!, StringComparison.Ordinal));
        var taken = With($"$REAL \"$@\" >/dev/null; {TimedOut}", "submit", "study.json").Expect(0).Output;
        Assert.Matches(@"^submitted 3 cells as 3 elements: job \d+; script: ", taken);
        Assert.Contains("note: this cluster preempts without a warning", taken, StringComparison.Ordinal);
        Assert.Equal("1", SlurmCluster.Shell("squeue -h --states=all -o %F | sort -u | wc -l").Trim());
        _study.Finish(90);
        _study.AssertSame();
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_study.Folder, "submissions"), "*.json").Length);
    }

    /// <summary>Somebody cancels while sbatch is at work: the job that it brings is taken back. Then nobody sees whose jobs they are.</summary>
    [Fact(Explicit = true)]
    public void Cancel_WhileItIsSubmitted_IsNotUndone()
    {
        SlurmCluster.SkipWhereThereIsNone();
        _study.Write(SlurmStudy.Cells(1, longEpochs: 100_000));
        using var cluster = new SlurmCluster(hidden: "jobs");
        var line = TinyRun.OneLine(With($"$REAL \"$@\"; dotnet '{ChildProgram.Dll}' study cancel study.json >&2", "submit", "study.json"));
        Assert.Contains("submission 1 was cancelled by somebody while it was submitted", line, StringComparison.Ordinal);
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 30, "an empty queue");
        Assert.All(_study.Status(), cell => Assert.StartsWith("cancelled, element", (string)cell["reason"]!, StringComparison.Ordinal));

        // A submission of another user, whose jobs Slurm does not show here.
        _study.Ornstein("submit", "study.json").Expect(0);
        SlurmCluster.WaitFor(() => _study.Step("long-a") >= 0, 60, "a cell in training");
        var file = Path.Combine(_study.Folder, "submissions", "2.json");
        var submission = JsonNode.Parse(File.ReadAllText(file))!;
        var (by, token) = ((string)submission["by"]!, (string)submission["token"]!);
        (submission["by"], submission["token"]) = ("ada on login1", "0123456789ab");
        File.WriteAllText(file, submission.ToJsonString());
        Assert.Equal("running", _study.StageOf("long-a"));
        Assert.DoesNotContain(_study.Status(), cell => (string)cell["stage"]! == "lost");
        Assert.Contains("and 0 lost", TinyRun.OneLine(_study.Ornstein("resume", "study.json")), StringComparison.Ordinal);
        (submission["by"], submission["token"]) = (by, token);
        File.WriteAllText(file, submission.ToJsonString());
        _study.Ornstein("cancel", "study.json").Expect(0);
        SlurmCluster.WaitFor(() => SlurmCluster.Shell("squeue -h").Length == 0, 30, "an empty queue");
    }

    // The program with an sbatch of this test first on its path, and with a user's own choice of what squeue shows.
    private Outcome With(string sbatch, params string[] arguments)
    {
        var real = SlurmCluster.Shell("command -v sbatch").Trim();
        Directory.CreateDirectory(_study.At("bin"));
        File.WriteAllText(_study.At("bin/sbatch"), $"#!/bin/bash\nREAL={real}\n{sbatch}\n");
        return ChildProgram.Shell(
            _study.At("."), $"chmod +x bin/sbatch; export PATH=$PWD/bin:$PATH SQUEUE_USERS=nobody SBATCH_HOLD=1; ornstein study {string.Join(' ', arguments)}");
    }
}
