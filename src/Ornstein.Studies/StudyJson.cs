using System.Globalization;
using System.Text.Json;
using Ornstein.Experiments.Settings;
using Ornstein.Data;
using Ornstein.Models;

namespace Ornstein.Studies;

/// <summary>Reads a study file: every mistake is one line that names the place in the file and what would be right.</summary>
internal static class StudyJson
{
    private static readonly string[] _keys = ["name", "margin", "settings", .. StudyFile.Axes, "experiments"];
    private static readonly string[] _experimentKeys = ["question", "claim", .. StudyFile.Axes, "settings"];

    // Of an experiment: ten times what was tried (docs/scale.md).
    private const double MostCells = 100_000;

    /// <summary>Reads and checks a study; no data are loaded.</summary>
    public static StudyFile Read(string path)
    {
        if (Directory.Exists(path)) throw UsageError.Because($"study file {path} is a folder; give a JSON file");
        if (!File.Exists(path)) throw UsageError.Because($"study file {path} does not exist");
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw UsageError.Because($"study file {path} cannot be read: {error.Message}");
        }
    }

    /// <summary>As <see cref="Read"/>, of a text.</summary>
    internal static StudyFile Parse(string json, string path)
    {
        using var document = SettingsJson.Open(json, path);
        var root = Members(document.RootElement, path, _keys);
        var name = root.TryGetValue("name", out var given) ? Text(given, $"{path}: \"name\"") : Path.GetFileNameWithoutExtension(path);
        var axes = StudyFile.Axes.Where(root.ContainsKey).ToDictionary(axis => axis, axis => Entries(root[axis], path, axis));
        // Also those that no experiment names: a mistake in them would else show up only when one does.
        if (root.TryGetValue("settings", out var shared)) Check(shared, $"{path}: settings");
        foreach (var (axis, entries) in axes)
        {
            foreach (var (entry, settings) in entries) Check(settings, $"{path}: {axis}.{entry}");
        }

        if (!root.TryGetValue("experiments", out var experiments))
            throw UsageError.Because($"{path}: \"experiments\" is missing; give one at least, such as \"experiments\": {{ \"first\": {{}} }}");
        var all = Entries(experiments, path, "experiments");
        var study = new StudyFile(path, name, [.. all.Select(entry => Experiment(path, entry.Key, entry.Value, shared, axes))])
        {
            Margin = root.TryGetValue("margin", out var margin) ? MarginOf(margin, path) : null,
        };
        if (study.Margin is null && study.Experiments.FirstOrDefault(experiment => experiment.Claims.Any(claim => claim.ComparesCells)) is { } claiming)
            throw UsageError.Because($"{path}: experiments.{claiming.Name}.claim needs a \"margin\" of the study, such as \"margin\": 0.05: the difference of rho up to which two cells count as similar");
        return study;
    }

    private static double MarginOf(JsonElement margin, string path) => margin.ValueKind == JsonValueKind.Number && margin.TryGetDouble(out var value) && value is > 0 and < 1
        ? value
        : throw UsageError.Because($"{path}: \"margin\" should be a number above 0 and below 1, such as 0.05: the difference of rho up to which two cells count as similar");

    private static StudyClaim ClaimOf(JsonElement claim, string where, string[] axes)
    {
        var members = Members(claim, where, ["says", "rule", "in", "layer", "at"]);
        if (!members.TryGetValue("says", out var says)) throw UsageError.Because($"{where}: \"says\" is missing; give the claim in words");
        var rules = Enum.GetValues<ClaimRule>().ToDictionary(StudyClaim.NameOf, StringComparer.Ordinal);
        if (!members.TryGetValue("rule", out var named)) throw UsageError.Because($"{where}: \"rule\" is missing; give one of {string.Join(", ", rules.Keys)} (docs/studies.md)");
        var name = Text(named, $"{where}: \"rule\"");
        if (!rules.TryGetValue(name, out var rule))
            throw UsageError.Because($"{where}: \"rule\" is \"{name}\"{Suggestions.DidYouMean(name, rules.Keys)}; it can be {string.Join(", ", rules.Keys)}");
        foreach (var (key, isUsed) in new[] { ("in", StudyClaim.IsPairRule(rule)), ("layer", StudyClaim.IsPairRule(rule)), ("at", StudyClaim.NeedsRho(rule)) })
        {
            if (!isUsed && members.ContainsKey(key)) throw UsageError.Because($"{where}: the rule \"{name}\" takes no \"{key}\"");
        }

        return new StudyClaim(Text(says, $"{where}: \"says\""), rule, StudyClaim.IsPairRule(rule) ? AxisOf(members, where, axes) : null)
        {
            Layer = members.TryGetValue("layer", out var layer) ? LayerOf(layer, where) : null,
            At = StudyClaim.NeedsRho(rule) ? AtOf(members, rule, where) : null,
        };
    }

    private static int LayerOf(JsonElement layer, string where) => layer.ValueKind == JsonValueKind.Number && layer.TryGetInt32(out var number) && number > 1
        ? number
        : throw UsageError.Because($"{where}: \"layer\" should be a whole number from 2, counted from the data; leave it out for the top layer");

    private static double AtOf(Dictionary<string, JsonElement> members, ClaimRule rule, string where)
    {
        if (!members.TryGetValue("at", out var at))
            return rule == ClaimRule.Collapses ? 1 : throw UsageError.Because($"{where}: \"at\" is missing; give the rho at which seeds are asked, such as \"at\": 0.7");
        return at.ValueKind == JsonValueKind.Number && at.TryGetDouble(out var rho) && rho is >= 0 and <= 1
            ? rho
            : throw UsageError.Because($"{where}: \"at\" should be a rho from 0 to 1");
    }

    // Else a difference of data would decide a claim about models.
    private static string AxisOf(Dictionary<string, JsonElement> members, string where, string[] axes)
    {
        if (axes.Length == 0) throw UsageError.Because($"{where}: there are no cells to compare; name two at least of {string.Join(", ", StudyFile.Axes)}");
        if (!members.TryGetValue("in", out var given))
            return axes is [var only] ? only : throw UsageError.Because($"{where}: cells differ in {string.Join(" and ", axes)}; say which the claim is about, such as \"in\": \"{axes[^1]}\"");
        var axis = Text(given, $"{where}: \"in\"");
        return axes.Contains(axis, StringComparer.Ordinal) ? axis : throw UsageError.Because($"{where}: \"in\" is \"{axis}\"; cells differ in {string.Join(" and ", axes)}");
    }

    private static StudyExperiment Experiment(
        string path, string name, JsonElement element, JsonElement shared, Dictionary<string, Dictionary<string, JsonElement>> axes)
    {
        var where = $"{path}: experiments.{name}";
        var members = Members(element, where, _experimentKeys);
        var question = members.TryGetValue("question", out var text) ? Text(text, $"{where}: \"question\"") : "";
        if (members.TryGetValue("settings", out var own)) Check(own, $"{where}.settings");
        var lists = StudyFile.Axes.Where(axis => Uses(members, axes, axis, where))
            .Select(axis => (Axis: axis, Names: Names(members, axes[axis], axis, where))).ToArray();
        var count = lists.Aggregate(1.0, (product, list) => product * list.Names.Length);
        if (count > MostCells)
            throw UsageError.Because($"{where}: its lists make {count.ToString("N0", CultureInfo.InvariantCulture)} cells, every entry with every other; {MostCells.ToString("N0", CultureInfo.InvariantCulture)} are the most");
        IEnumerable<(string Axis, string Entry)[]> product = [[]];
        foreach (var (axis, names) in lists) product = product.SelectMany(parts => names.Select(entry => parts.Append((axis, entry)).ToArray()));
        (string Where, JsonElement Settings)[] LayersOf((string Axis, string Entry)[] parts) =>
        [
            ($"{path}: settings", shared),
            .. parts.Select(part => ($"{path}: {part.Axis}.{part.Entry}", axes[part.Axis][part.Entry])),
            ($"{where}.settings", own),
        ];
        var laid = new Dictionary<string, RunSettings>(StringComparer.Ordinal);
        StudyCell[] cells = [.. product.Select(parts => Cell(path, name, parts, LayersOf(parts), laid)).DistinctBy(cell => cell.Hash)];
        if (!members.TryGetValue("claim", out var stated)) return new StudyExperiment(name, question, cells);
        string[] compared = [.. lists.Where(list => list.Names.Length > 1).Select(list => list.Axis)];
        StudyClaim[] claims = stated.ValueKind == JsonValueKind.Array
            ? [.. stated.EnumerateArray().Select((each, i) => ClaimOf(each, $"{where}.claim[{i}]", compared))]
            : [ClaimOf(stated, $"{where}.claim", compared)];
        for (var i = 0; i < claims.Length; i++) RequireAnswers(claims[i], stated.ValueKind == JsonValueKind.Array ? $"{where}.claim[{i}]" : $"{where}.claim", cells);
        return new StudyExperiment(name, question, cells) { Claims = claims };
    }

    // A claim that no cell can answer would be "not judged" after hours.
    private static void RequireAnswers(StudyClaim claim, string where, StudyCell[] cells)
    {
        // Entries of equal settings are one cell.
        if (claim.ComparesCells && !cells.Any(one => cells.Any(other => StudyCell.AxisBetween(one.Entries, other.Entries) == claim.Axis)))
            throw UsageError.Because($"{where}: no two cells differ in \"{claim.Axis}\" alone, since its entries have equal settings");
        if (claim.Layer is { } layer && cells.Max(cell => cell.Settings.Latents.Length) is var most && layer > most)
            throw UsageError.Because($"{where}: \"layer\" is {layer}, and no cell has more than {most} layers");
        var isOfVariance = claim.Rule is ClaimRule.CostlyAsTrained or ClaimRule.CostlyUnsmoothed or ClaimRule.Reduces or ClaimRule.Filters;
        if (isOfVariance && Array.Find(cells, cell => cell.Settings.Latents.Length < 2 || cell.Settings.Ladder || cell.Settings.Skip != SkipConnections.None) is { } unsplit)
            throw UsageError.Because($"{where}: cell {unsplit.Name} has no variance part of its KL, which a chain of two layers or more has, without ladder and skips");
        if (claim.Rule == ClaimRule.Drops && Array.Find(cells, cell => cell.Settings.Rho.Length < 2) is { } single)
            throw UsageError.Because($"{where}: a drop needs several rhos, and cell {single.Name} tries one");
        if (claim.At == 1 && claim.Rule is ClaimRule.Revives or ClaimRule.Reduces or ClaimRule.Filters or ClaimRule.Better or ClaimRule.BetterSmoothed)
            throw UsageError.Because($"{where}: \"at\" is 1, where nothing is smoothed; give a rho below");
        foreach (var rho in new[] { claim.At, claim.Rule is ClaimRule.Revives or ClaimRule.Reduces or ClaimRule.Better or ClaimRule.BetterSmoothed ? 1 : null }.OfType<double>())
        {
            if (Array.Find(cells, cell => !cell.Settings.Rho.Any(entry => Math.Abs(entry.Top - rho) < 1e-9)) is { } without)
                throw UsageError.Because($"{where}: it is judged at rho {rho.ToString(CultureInfo.InvariantCulture)}, which cell {without.Name} does not try");
        }
    }

    // An axis that an experiment does not name is no part of its cells.
    private static bool Uses(Dictionary<string, JsonElement> members, Dictionary<string, Dictionary<string, JsonElement>> axes, string axis, string where)
    {
        if (members.ContainsKey(axis) && !axes.ContainsKey(axis))
            throw UsageError.Because($"{where}: \"{axis}\" names entries of a section \"{axis}\" that the file does not have");
        return members.ContainsKey(axis);
    }

    private static string[] Names(Dictionary<string, JsonElement> members, Dictionary<string, JsonElement> entries, string axis, string where)
    {
        var list = members[axis];
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw UsageError.Because($"{where}: \"{axis}\" should be a list of names, such as [\"{entries.Keys.First()}\"]");
        string[] names = [.. list.EnumerateArray().Select(item => item.GetString()!)];
        if (names.Length == 0) throw UsageError.Because($"{where}: \"{axis}\" is empty; name at least one of {string.Join(", ", entries.Keys)}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!entries.ContainsKey(name))
            {
                throw UsageError.Because($"{where}: \"{axis}\" names \"{name}\", which is no entry of {axis}{Suggestions.DidYouMean(name, entries.Keys)}; "
                    + $"entries are {string.Join(", ", entries.Keys)}");
            }

            if (!seen.Add(name)) throw UsageError.Because($"{where}: \"{axis}\" names \"{name}\" twice");
        }

        return names;
    }

    private static StudyCell Cell(
        string path, string experiment, (string Axis, string Entry)[] parts, (string Where, JsonElement Settings)[] layers, Dictionary<string, RunSettings> laid)
    {
        // Thousands of cells begin with the same layers.
        RunSettings Over(RunSettings defaults, string key) => layers.Aggregate(defaults, (settings, layer) =>
        {
            key += "\n" + layer.Where;
            return laid.TryGetValue(key, out var known) ? known : laid[key] = Lay(settings, layer.Settings, layer.Where);
        });
        var settings = Over(RunSettings.ForPhase, "phase");
        if (settings.HasLinearTheory()) settings = Over(RunSettings.ForPhase.ForLinearTheory(), "linear");
        try
        {
            settings.Validate();
        }
        catch (OrnsteinException mistake)
        {
            var name = new StudyCell(parts, settings, "").Name;
            throw UsageError.Because($"{path}: experiment {experiment}, cell {name}: {mistake.Message}");
        }

        // A folder of data is found from where the study file lies, wherever the study is run from.
        var isSet = DatasetCatalog.IsKnown(settings.Data);
        var data = isSet ? settings.Data : Path.Combine(Path.GetDirectoryName(path) ?? "", settings.Data);
        return new StudyCell(parts, settings with { Data = data }, StudyCell.HashOf(settings));
    }

    private static void Check(JsonElement settings, string where) => Lay(RunSettings.ForPhase, settings, where);

    private static RunSettings Lay(RunSettings defaults, JsonElement settings, string where)
    {
        if (settings.ValueKind == JsonValueKind.Undefined) return defaults;
        var laid = SettingsJson.Parse(settings.GetRawText(), where, defaults);
        if (laid.StartFrom is not null)
            throw UsageError.Because($"{where}: \"startFrom\" is not for a study, whose cells wait for no other run; start such runs with 'ornstein phase'");
        if (laid.Branches != BranchChoice.None)
            throw UsageError.Because($"{where}: \"branches\" is not for a study, whose cells are one stack each; start such runs with 'ornstein phase'");
        return laid.Out is null
            ? laid
            : throw UsageError.Because($"{where}: \"out\" is not for a study, in which every cell has a folder of its own; give --out to 'study run'");
    }

    private static Dictionary<string, JsonElement> Entries(JsonElement section, string path, string key)
    {
        var entries = Members(section, $"{path}: {key}", keys: null);
        if (entries.Count == 0) throw UsageError.Because($"{path}: \"{key}\" is empty; give one entry at least, or leave it out");
        foreach (var name in entries.Keys)
        {
            if (StudyFile.IsName(name)) continue;
            throw UsageError.Because(
                $"{path}: {key} has the name \"{name}\"; names are at most 60 letters, digits or . _ + = - and begin with a letter or digit");
        }

        return entries;
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element, string where, string[]? keys)
    {
        if (element.ValueKind != JsonValueKind.Object) throw UsageError.Because($"{where} should be a JSON object, written {{ ... }}");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (keys is not null && !keys.Contains(member.Name, StringComparer.Ordinal))
            {
                throw UsageError.Because($"{where}: unknown key \"{member.Name}\"{Suggestions.DidYouMean(member.Name, keys)}; "
                    + $"keys are {string.Join(", ", keys)}");
            }

            if (!members.TryAdd(member.Name, member.Value)) throw UsageError.Because($"{where}: \"{member.Name}\" is given twice");
        }

        return members;
    }

    private static string Text(JsonElement element, string where) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw UsageError.Because($"{where} should be a text");
}
