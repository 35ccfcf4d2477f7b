using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ornstein.Storage;

namespace Ornstein.Kill.Hands;

/// <summary>One run folder, one study, one cache.</summary>
internal static partial class HandsSettings
{
    private const string Begin = "ornstein: ";
    private const string Study = "study";
    private const int Killed = 137, StartAgain = 99;

    // The first two processes of a study are 'study run'; then each of its elements twice, as where a scheduler starts one anew.
    private const int StudyRuns = 2, Elements = 4;

    public static HandsSetting[] All { get; } =
    [
        new(
            "run", RunKinds.Nothing, [[.. Run(resume: true)]], hand => Run(resume: IsEven(hand)), OfRun,
            path => path.StartsWith(RunKinds.Run + "/", StringComparison.Ordinal) && IsKept(path) ? RunKinds.Run : null),
        new("study", PrepareStudy, [["study", "run", "study.json"]], StudyWords, OfStudy, path => IsKept(path) && Attempt().Match(path) is { Success: true } match ? match.Value : null)
        {
            Last = ["study", "run", "study.json"],
            IsPublished = path => Cell().IsMatch(path),
            Counts = path => path.StartsWith(Study + "/", StringComparison.Ordinal) && !path.StartsWith(Study + "/submissions/", StringComparison.Ordinal) && path != Study + "/ledger.jsonl",
            Check = Ledgers,
        },
        new("cache", RunKinds.WritePictures, RunKinds.KnownFiles is null ? [_info] : [_info, _get], hand => IsEven(hand) || RunKinds.KnownFiles is null ? _info : _get, OfCache, _ => null) { Served = "cache" },
    ];

    private static string[] _info => ["data", "info", "pictures", "--cache", "cache"];

    private static string[] _get => ["data", "get", RunKinds.KnownSet, "--from", RunKinds.KnownFiles!, "--cache", "cache"];

    private static string[] Run(bool resume) => ["phase", .. resume ? (string[])["--resume"] : [], "--out", RunKinds.Run, .. RunKinds.Perceptron, "--epochs", "12"];

    private static Next? OfRun(int hand, int code, string said) => code switch
    {
        0 => Next.Content,
        Killed => Next.Again,
        1 when IsOneLine(said, "another process is at work in the run folder 'run'; wait for it, or stop it.") => IsEven(hand) ? Next.Later : Next.Refused,
        1 when IsTakenOver(said) => IsEven(hand) ? Next.Later : Next.Refused,
        1 when !IsEven(hand) && IsOneLine(said, "run folder 'run' exists and is not empty; give another --out, or --resume to continue the run in it.") => Next.Refused,
        _ => null,
    };

    private static Next? OfStudy(int hand, int code, string said) => code switch
    {
        0 => Next.Content,
        Killed => Next.Again,
        1 when hand < StudyRuns && IsOneLine(said, "another process is at work on the study in 'study'; wait for it, or stop it.") => Next.Later,
        // It was suspended, and the other 'study run' has the study since.
        1 when hand < StudyRuns && IsTakenOver(said) => Next.Later,
        // All that is left is in the hands of others, who live.
        1 when hand < StudyRuns && !said.Contains(Begin, StringComparison.Ordinal) && said.Contains(" works on it; should that end without a result, do it with: ", StringComparison.Ordinal) => Next.Later,
        // The second start of an element is the one that its scheduler does not know.
        StartAgain when hand >= StudyRuns => hand < StudyRuns + Elements ? Next.Later : Next.Refused,
        _ => null,
    };

    private static Next? OfCache(int hand, int code, string said) => code switch
    {
        0 => Next.Content,
        Killed => Next.Again,
        _ => null,
    };

    private static bool IsEven(int hand) => hand % 2 == 0;

    // Locks, and files that have not got their name yet, are anybody's.
    private static bool IsKept(string path) => !FolderLock.IsPart(path) && !UnfinishedFile.Is(path);

    private static bool IsTakenOver(string said) =>
        said.Split('\n').Count(line => line.StartsWith(Begin, StringComparison.Ordinal)) == 1 && said.Contains(Begin + "another process took over '", StringComparison.Ordinal);

    // Those lines that tell of something that is wrong.
    private static bool IsOneLine(string said, string line) => said.Split('\n').Where(each => each.StartsWith(Begin, StringComparison.Ordinal)).SequenceEqual([Begin + line]);

    private static string[] StudyWords(int hand) => hand < StudyRuns
        ? ["study", "run", "study.json"]
        : ["study", "work", "study.json", "--submission", "1", "--element", $"{(hand - StudyRuns) % Elements}"];

    // Each element has two of the cells, and each cell is in two elements, as after a 'resume' while the elements of before still work.
    private static void PrepareStudy(string folder)
    {
        RunKinds.WriteStudy(folder);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "study.json")))!;
        json["models"] = new JsonObject { ["wide"] = new JsonObject(), ["slim"] = new JsonObject { ["latents"] = new JsonArray(2, 2) } };
        json["experiments"]!["measure"]!["models"] = new JsonArray("wide", "slim");
        File.WriteAllText(Path.Combine(folder, "study.json"), json.ToJsonString());
        Child.Expect(folder, "study", "submit", "study.json", "--launcher", "command");
        var elements = Path.Combine(folder, Study, "submissions", "1", "elements.tsv");
        string[] cells = [.. File.ReadLines(elements).Select(line => line[line.IndexOf('\t', StringComparison.Ordinal)..])];
        if (cells.Length != Elements) throw new OrnsteinException($"The study has {cells.Length} elements, not {Elements}.");
        File.WriteAllLines(elements, Enumerable.Range(0, Elements).SelectMany(element => new[] { element, (element + 1) % Elements }.Select(cell => $"{element}{cells[cell]}")));
    }

    // Every line whole, and every cell said to be finished.
    private static string? Ledgers(string folder)
    {
        var study = Path.Combine(folder, Study);
        var finished = new HashSet<string>(StringComparer.Ordinal);
        foreach (var ledger in Directory.GetFiles(Path.Combine(study, "submissions"), "*.jsonl", SearchOption.AllDirectories).Append(Path.Combine(study, "ledger.jsonl")).Where(File.Exists))
        {
            foreach (var line in File.ReadLines(ledger).Where(line => line.Length > 0))
            {
                try
                {
                    var entry = JsonNode.Parse(line)!;
                    if ((string?)entry["event"] == "finished") finished.Add((string)entry["hash"]!);
                }
                catch (System.Text.Json.JsonException)
                {
                    return $"{Path.GetRelativePath(folder, ledger)} has a line that is not whole: {line}";
                }
            }
        }

        return finished.Count == Elements ? null : $"{finished.Count} of {Elements} cells are said to be finished";
    }

    [GeneratedRegex(@"^study/(attempts/[^/]+/[^/]+/[1-9]\d*(?![^/])|cells/.*-[0-9a-f]{10}(?=/))")]
    private static partial Regex Attempt();

    [GeneratedRegex(@"^study/cells/.*-[0-9a-f]{10}$")]
    private static partial Regex Cell();
}
