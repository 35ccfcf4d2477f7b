using System.Text;
using Ornstein.Fuzzing.Inputs;
using Ornstein.Runs;
using Ornstein.Storage;
using Ornstein.Studies;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Status;
using Ornstein.Studies.Submissions;

namespace Ornstein.Fuzzing.Targets;

/// <summary>Study files, and what studies keep of their runs.</summary>
internal static class StudyTargets
{
    private static readonly JsonTree[] _studies = [Stored.SeedTree("study.json"), Stored.SeedTree("study-large.json")];

    private static readonly JsonTree _submission = Stored.SeedTree("submission.json"), _attempt = Stored.SeedTree("attempt.json"), _state = Stored.SeedTree("state.json");

    public static IEnumerable<FuzzTarget> All()
    {
        yield return new("study", "study files", Study, (folder, input) => StudyJson.Read(folder.Write("study.json", input)), new(32 << 20, 4000), 800) { Named = "study.json" };
        yield return new("ledger", "ledger.jsonl of a study", random => Lines(random, "ledger.jsonl"), (folder, input) => new StudyLedger(folder.Write("ledger.jsonl", input)).Read(), new(1 << 20, 500), 1500);
        yield return new("submission", "submissions/N.json of a study", random => JsonInputs.Of(random, [_submission]), Submission, new(1 << 20, 500), 1500);
        yield return new("elements", "elements.tsv of a submission", random => ByteInputs.Of(random, ["0\t0123456789\tdigits/L2\n0\tabcdef0123\tdigits/L3\n12\tfedcba9876\tx\n"u8.ToArray()]), Elements, new(1 << 18, 100), 1500);
        yield return new("attempt", "records of attempts", random => JsonInputs.Of(random, [_attempt]), Attempt, new(1 << 20, 500), 1500);
        yield return new("lock", "files that say who has a folder", random => ByteInputs.Of(random, ["0123456789abcdef0123456789abcdef machine 123 boot:456 000000000007\n"u8.ToArray()]), Lock, new(1 << 18, 100), 1500);
        yield return new("seed", "checkpoints that an attempt copies", random => JsonInputs.Of(random, [_state], ["\"../config.json\"", "1000000000000"]), Seed, new(1 << 20, 500), 300);
        yield return new("slurm", "what scontrol prints", random => ByteInputs.Of(random, ["MaxArraySize = 1001\nPreemptType = preempt/none\nPrivateData = jobs,nodes\nSlurmctldParameters = a,b\nmaxarraysize = 3\n"u8.ToArray()]),
            (_, input) => SlurmConfiguration.Parse(Encoding.UTF8.GetString(input)), new(1 << 18, 500), 1500);
    }

    private static byte[] Lines(Random random, string seed)
    {
        string[] lines = Stored.SeedText(seed).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        byte[] log = [.. lines.SelectMany(line => (random.Next(2) == 0 ? JsonInputs.Of(random, [JsonTree.Parse(line)]) : Encoding.UTF8.GetBytes(line)).Append((byte)'\n'))];
        return random.Next(4) == 0 ? ByteInputs.Changed(random, log) : log;
    }

    // Few bytes can ask for more cells than anybody could run: the product of all axes.
    private static byte[] Study(Random random)
    {
        if (random.Next(25) > 0) return JsonInputs.Of(random, _studies, ["[\"L2\"]", "[\"p\",\"q\"]", "\"similar\"", "\"differs\"", "\"revives\"", "{\"says\":\"It wakes.\",\"rule\":\"revives\",\"at\":0}", "{\"data\":\"digits\"}", "{\"latents\":[3],\"hidden\":[4]}", "{\"rho\":[0,1]}"]);
        var most = ByteInputs.One(random, new[] { 2, 3, 4, 400 });
        string Axis(string name, Func<int, string> entry) => $"\"{name}\":{{{string.Join(',', Enumerable.Range(0, 1 + random.Next(most)).Select(i => $"\"{name[0]}{i}\":{entry(i)}"))}}}";
        var axes = new[] { Axis("data", _ => "{}"), Axis("models", i => $"{{\"batch\":{i + 2}}}"), Axis("smoothing", i => $"{{\"draws\":{i + 1}}}"), Axis("remedies", i => $"{{\"remedy\":[\"beta:0.{i + 1}\"]}}") };
        var names = axes.Select(axis => JsonTree.Parse($"{{{axis}}}").Members![0]).Select(axis => $"{axis.Key}:[{string.Join(',', axis.Value.Members!.Select(entry => entry.Key))}]");
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', axes)},\"experiments\":{{\"all\":{{{string.Join(',', names)}}}}}}}");
    }

    private static void Submission(FuzzFolder folder, byte[] input)
    {
        folder.Keep("study/submissions/1/elements.tsv", () => "0\t0123456789\tdigits/L2\n"u8.ToArray());
        folder.Write("study/submissions/1.json", input);
        var queue = new CellQueue(folder["study"]);
        foreach (var submission in queue.Submissions) _ = (submission.User, submission.JobNames().Count(), submission.Options.Launcher);
    }

    private static void Elements(FuzzFolder folder, byte[] input)
    {
        folder.Write("study/submissions/1/elements.tsv", input);
        new SubmissionStore(folder["study"]).CellsOf(1);
    }

    private static void Attempt(FuzzFolder folder, byte[] input)
    {
        folder.Write("study/attempts/01/0123456789/1.json", input);
        var last = new CellAttempts(folder["study"], "0123456789").Last();
        _ = (last?.LooksAlive, last?.Text, last?.Record.IsHere);
    }

    private static void Lock(FuzzFolder folder, byte[] input)
    {
        folder.Write("held/.lock", input);
        _ = LockLink.Last(folder["held"])?.Token;
    }

    private static void Seed(FuzzFolder folder, byte[] input)
    {
        foreach (var (name, seed) in new[] { ("checkpoint/weights-00000004.safetensors", "weights-00000004.safetensors"), ("checkpoint/moments-00000004.safetensors", "state.json"), ("config.json", "config.json"), ("metrics.jsonl", "metrics.jsonl") })
            folder.Keep("from/" + name, () => Stored.Seed(seed));
        folder.Write("from/checkpoint/state.json", input);
        var target = new RunFolder(folder["to"]);
        AttemptSeed.Copy([new RunFolder(folder["from"])], target);
        if (Directory.Exists(target.Path)) Directory.Delete(target.Path, recursive: true);
    }
}
