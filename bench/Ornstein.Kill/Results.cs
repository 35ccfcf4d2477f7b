using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ornstein.Kill;

/// <summary>
/// All files below a folder and what they hold, to be compared bit for bit. Left out is what differs between two undisturbed runs as well: times, and what is
/// counted of them.
/// </summary>
internal static partial class Results
{
    private static readonly EnumerationOptions _all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    /// <summary>Path of each file and folder, with a hash of what it holds.</summary>
    public static SortedDictionary<string, string> Of(string folder)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", _all))
        {
            var name = Path.GetRelativePath(folder, path);
            if (Directory.Exists(path)) all[name + "/"] = "";
            else all[name] = Convert.ToHexString(SHA256.HashData(Content(path)));
        }

        return all;
    }

    /// <summary>How the second differs from the first, in a line; null where it does not.</summary>
    public static string? Difference(SortedDictionary<string, string> whole, SortedDictionary<string, string> run)
    {
        string[] more = [.. run.Keys.Except(whole.Keys)], less = [.. whole.Keys.Except(run.Keys)];
        string[] other = [.. whole.Keys.Intersect(run.Keys).Where(name => whole[name] != run[name])];
        (string What, string[] Files)[] all = [("left behind", more), ("missing", less), ("other than undisturbed", other)];
        var said = string.Join("; ", all.Where(part => part.Files.Length > 0).Select(part => $"{part.What}: {string.Join(", ", part.Files.Take(5))}"));
        return said.Length == 0 ? null : said;
    }

    /// <summary>Pages of a file system that the files take.</summary>
    public static long Pages(string folder) =>
        Directory.EnumerateFiles(folder, "*", _all).Sum(path => (new FileInfo(path).Length + 4095) / 4096);

    private static byte[] Content(string path)
    {
        string Lines(Func<JsonObject, string?> of) => string.Join('\n', File.ReadLines(path).Select(line => of(JsonNode.Parse(line)!.AsObject())).OfType<string>());
        string Json(Action<JsonObject> without)
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            without(json);
            return json.ToJsonString();
        }

        var text = Path.GetFileName(path) switch
        {
            "cost.json" => Json(json => json.ToList().ForEach(entry => json[entry.Key] = null)),
            "config.json" => Json(json => json["provenance"]!.AsObject().Remove("startedAt")),
            "state.json" => Json(json => json.Remove("metricsBytes")), // of lines with speeds
            "metrics.jsonl" => Lines(epoch => epoch.Remove("imagesPerSecond") ? epoch.ToJsonString() : "no speed"),
            var name when name == "ledger.jsonl" || IsLedger(path) =>
                Lines(entry => (string?)entry["event"] is "finished" or "failed" ? $"{entry["event"]} {entry["cell"]} {entry["hash"]} {entry["reason"]}" : null),
            "report.html" => StartTime().Replace(File.ReadAllText(path), ""),
            _ => null,
        };
        return text is null ? File.ReadAllBytes(path) : Encoding.UTF8.GetBytes(text);
    }

    // Of the elements of a study.
    private static bool IsLedger(string path) => path.EndsWith(".jsonl", StringComparison.Ordinal) && path.Contains("/ledger/", StringComparison.Ordinal);

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00")]
    private static partial Regex StartTime();
}
