using System.Globalization;
using System.Text.Json;

namespace Ornstein.Tests.Documents;

/// <summary>An experiment of <c>docs/study/paper.json</c>, which holds what <c>ornstein study report</c> wrote of it, and its numbers as docs/study.md has them.</summary>
internal sealed class StudyReport(JsonElement experiment)
{
    public static StudyReport Of(string experiment) => All().Single(one => one.Name == experiment);

    /// <summary>All experiments that are complete.</summary>
    public static StudyReport[] All()
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "paper.json")));
        return [.. report.RootElement.GetProperty("experiments").EnumerateArray().Select(one => new StudyReport(one.Clone()))];
    }

    public string Name => experiment.GetProperty("experiment").GetString()!;

    public JsonElement Json => experiment;

    /// <summary>Cells by their whole names.</summary>
    public IEnumerable<(string Name, JsonElement Cell)> Cells() => experiment.GetProperty("cells").EnumerateArray().Select(cell => (cell.GetProperty("cell").GetString()!, cell));

    /// <summary>The question, each claim with its outcome, and what the seeds of every cell say where the rule asks them.</summary>
    public IEnumerable<string> VerdictsByCell() =>
        from judged in experiment.GetProperty("claims").EnumerateArray()
        let answers = Cells().Select(cell => (cell.Name, Answers: Answers(judged, cell.Cell))).Where(cell => cell.Answers.Length > 0).Select(cell => $"{cell.Name}: {cell.Answers}")
        select $"| {experiment.GetProperty("question").GetString()} | {judged.GetProperty("claim").GetProperty("says").GetString()} | {Outcome(judged)} | {string.Join("; ", answers)} |";

    /// <summary>Cells by the name of their entry of an axis, such as <c>data</c>.</summary>
    public IEnumerable<(string Name, JsonElement Cell)> Cells(string axis) =>
        experiment.GetProperty("cells").EnumerateArray().Select(cell => (cell.GetProperty("parts").GetProperty(axis).GetString()!, cell));

    /// <summary>What became of each claim: its text, its outcome, and for each cell how many seeds speak for it and against it, layer by layer where the rule asks so.</summary>
    public IEnumerable<string> Verdicts() =>
        from judged in experiment.GetProperty("claims").EnumerateArray()
        let answers = experiment.GetProperty("cells").EnumerateArray().Select(cell => Answers(judged, cell))
        select $"| {judged.GetProperty("claim").GetProperty("says").GetString()} | {Outcome(judged)} | {string.Join(" | ", answers)} |";

    /// <summary>The outcome of the experiment's only claim.</summary>
    public string Outcome() => Outcome(experiment.GetProperty("claims").EnumerateArray().Single());

    /// <summary>What the seeds of a cell say to the only claim.</summary>
    public string Answers(JsonElement cell) => Answers(experiment.GetProperty("claims").EnumerateArray().Single(), cell);

    private static string Outcome(JsonElement judged) => MainVerdict(judged).GetProperty("outcome").GetString()!.Replace('-', ' ');

    private static string Answers(JsonElement judged, JsonElement cell) => string.Join("; ", MainVerdict(judged).GetProperty("questions").EnumerateArray()
        .Where(question => question.GetProperty("cell").GetString() == cell.GetProperty("cell").GetString()).Select(Answer));

    public static JsonElement MainVerdict(JsonElement judged) => judged.GetProperty("verdicts").EnumerateArray().Single(one => one.GetProperty("isMain").GetBoolean());

    private static string Answer(JsonElement question)
    {
        var about = question.GetProperty("about").GetString()!;
        return $"{(about.Length == 0 ? "" : about + ": ")}{question.GetProperty("for")} for, {question.GetProperty("against")} against";
    }

    /// <summary>How a part of a layer's information begins.</summary>
    public static JsonElement Code(JsonElement cell, int layer, string part) => cell.GetProperty("codes").EnumerateArray()
        .Single(one => one.GetProperty("transition") is var at && at.GetProperty("layer").GetInt32() == layer && at.GetProperty("part").GetString() == part);

    /// <summary>The fall of a layer's KL.</summary>
    public static JsonElement Fall(JsonElement cell, int layer) => cell.GetProperty("falls").EnumerateArray().Single(fall => fall.GetProperty("layer").GetInt32() == layer);

    /// <summary>A number of every seed, by the seed.</summary>
    public static double[] BySeed(JsonElement of, string name) =>
        [.. of.GetProperty("bySeed").EnumerateObject().OrderBy(seed => int.Parse(seed.Name, CultureInfo.InvariantCulture)).Select(seed => seed.Value.GetProperty(name).GetDouble())];

    /// <summary>Where a part of a layer's information begins, and the rhos of the single seeds.</summary>
    public static string Begins(JsonElement cell, int layer, string part)
    {
        var transition = Code(cell, layer, part).GetProperty("transition");
        if (transition.GetProperty("low").ValueKind == JsonValueKind.Null) return transition.GetProperty("reason").GetString()!.StartsWith("cannot say", StringComparison.Ordinal) ? "cannot say" : "at no rho";
        var estimate = transition.GetProperty("estimate") is { ValueKind: JsonValueKind.Number } mean ? Three(mean.GetDouble()) : "two states";
        return $"{estimate} ({Short(transition, "low")} to {Short(transition, "high")})";
    }

    /// <summary>With how many seeds a part of a layer's information is there, at every rho tried.</summary>
    public static string Alive(JsonElement cell, int layer, string part) => string.Join(" | ",
        Code(cell, layer, part).GetProperty("transition").GetProperty("states").EnumerateArray().Select(state => state.GetProperty("alive").GetInt32()));

    /// <summary>Where the KL of a layer falls to zero, with its interval.</summary>
    public static string Falls(JsonElement cell, int layer)
    {
        var drop = Fall(cell, layer).GetProperty("drop");
        if (drop.ValueKind == JsonValueKind.Null) return Fall(cell, layer).GetProperty("reason").GetString()!.StartsWith("cannot say", StringComparison.Ordinal) ? "cannot say" : "at no rho";
        return $"{Three(drop.GetProperty("estimate").GetDouble())} ({Three(drop.GetProperty("confidenceLow").GetDouble())} to {Three(drop.GetProperty("confidenceHigh").GetDouble())})";
    }

    /// <summary>The rho of every seed, ascending; <c>none</c> where it begins at no rho tried.</summary>
    public static string Seeds(JsonElement cell, int layer, string part) => string.Join(", ",
        Code(cell, layer, part).GetProperty("bySeed").EnumerateObject().Select(seed => seed.Value).OrderBy(seed => seed.GetProperty("rho").GetDouble())
            .Select(seed => seed.TryGetProperty("beyond", out var beyond) ? beyond.GetString()! : Two(seed.GetProperty("rho").GetDouble())));

    /// <summary>A difference with its first interval, and what it came to.</summary>
    public IEnumerable<string> Differences(string layer) =>
        from difference in experiment.GetProperty("differences").EnumerateArray()
        where difference.GetProperty("layer").GetString() == layer
        let axis = difference.GetProperty("axis").GetString()!
        let mean = difference.GetProperty("difference")
        let verdict = difference.GetProperty("verdict").GetString()!.Replace('-', ' ')
        select $"| {Entry(difference, "first", axis)}, {Entry(difference, "second", axis)} | {difference.GetProperty("parameter").GetString()} | "
            + (mean.ValueKind == JsonValueKind.Null ? "" : $"{Signed(mean, "mean")} ({Signed(mean, "low")} to {Signed(mean, "high")})") + $" | {verdict} |";

    /// <summary>The differences that a claim of the experiment is about, with the layer.</summary>
    public IEnumerable<string> ClaimedDifferences() =>
        from layer in experiment.GetProperty("claims").EnumerateArray().Select(judged => judged.GetProperty("claim")).Where(claim => claim.GetProperty("rule").GetString() is "similar" or "differs")
            .Select(claim => claim.TryGetProperty("layer", out var number) && number.ValueKind == JsonValueKind.Number ? $"z{number.GetInt32()}" : "top").Distinct()
        from row in Differences(layer)
        select row.Replace(" | means | ", $" | {layer} | means | ", StringComparison.Ordinal).Replace(" | widths | ", $" | {layer} | widths | ", StringComparison.Ordinal);

    /// <summary>How far from half of its most information to none, median over seeds with the range.</summary>
    public static string Drop(JsonElement cell, string way)
    {
        double[] ways = [.. cell.GetProperty("drops").EnumerateArray().Select(drop => drop.GetProperty(way).GetDouble()).Order()];
        return ways.Length == 0 ? "" : $"{Two(Median(ways))} ({Two(ways[0])} to {Two(ways[^1])})";
    }

    /// <summary>The value of a curve at a rho: median over seeds with the range.</summary>
    public static string At(JsonElement cell, string curve, int layer, double rho, string form = "0.000")
    {
        var values = cell.GetProperty(curve)[layer - 1];
        var at = cell.GetProperty("rhos").EnumerateArray().ToList().FindIndex(tried => Math.Abs(tried.GetDouble() - rho) < 1e-9);
        string Of(string which) => values.GetProperty(which)[at].GetDouble() is var value && double.IsFinite(value) ? Plain(value, form) : "-";
        return $"{Of("median")} ({Of("least")} to {Of("greatest")})";
    }

    /// <summary>The gain of a bound's best rho over rho 1.</summary>
    public static string Gain(JsonElement cell, string bound)
    {
        var numbers = cell.GetProperty("bounds").EnumerateArray().Single(one => one.GetProperty("name").GetString() == bound);
        if (numbers.GetProperty("bestRho").GetDouble() == 1) return "rho 1 is best";
        var gain = numbers.GetProperty("gainOverUnsmoothed");
        return $"{Signed(gain, "mean", "0.00")} ({Signed(gain, "low", "0.00")} to {Signed(gain, "high", "0.00")}), rho {Two(numbers.GetProperty("bestRho").GetDouble())}";
    }

    /// <summary>How many seeds are in each state at the end of the training at a rho.</summary>
    public static string States(JsonElement cell, double rho) => string.Join(", ", Ends(cell, rho)
        .CountBy(seed => seed.GetProperty("state").GetString()!.Replace('-', ' ')).OrderByDescending(state => state.Value).ThenBy(state => state.Key, StringComparer.Ordinal)
        .Select(state => $"{state.Value} {state.Key}"));

    /// <summary>Whether every seed is settled at a rho.</summary>
    public static bool AreSettled(JsonElement cell, double rho) => Ends(cell, rho).All(seed => seed.GetProperty("isSettled").GetBoolean());

    /// <summary>What every seed does at the end of its training at a rho.</summary>
    public static IEnumerable<JsonElement> Ends(JsonElement cell, double rho) => cell.GetProperty("training").EnumerateArray()
        .Where(line => Math.Abs(line.GetProperty("rho").GetDouble() - rho) < 1e-9).SelectMany(line => line.GetProperty("seeds").EnumerateArray());

    /// <summary>A number of a curve of a layer at a rho: <c>median</c>, <c>least</c> or <c>greatest</c> over the seeds.</summary>
    public static double Value(JsonElement cell, string curve, int layer, double rho, string which) =>
        cell.GetProperty(curve)[layer - 1].GetProperty(which)[cell.GetProperty("rhos").EnumerateArray().ToList().FindIndex(tried => Math.Abs(tried.GetDouble() - rho) < 1e-9)].GetDouble();

    public static string Two(double value) => Plain(value, "0.00##");

    public static string Three(double value) => Plain(value, "0.000");

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private static string Plain(double value, string form) => value.ToString(form, CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAnyInRange('1', '9') ? text : text.TrimStart('-');

    private static string Short(JsonElement of, string name) => Two(of.GetProperty(name).GetDouble());

    private static string Signed(JsonElement of, string name, string form = "0.000") => of.GetProperty(name).GetDouble().ToString($"+{form};-{form};{form}", CultureInfo.InvariantCulture);

    // Of a cell such as MNIST/L3/p.
    private static string Entry(JsonElement difference, string which, string axis) =>
        difference.GetProperty(which).GetString()!.Split('/')[axis switch { "data" => 0, "models" or "model" => 1, _ => 2 }];
}
