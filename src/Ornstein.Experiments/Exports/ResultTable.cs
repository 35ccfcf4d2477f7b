using System.Globalization;
using System.Text;
using Ornstein.Experiments.Comparisons;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Exports;

/// <summary>What the models of runs came to as one table, a line for each model: the numbers of <c>phase.json</c>, by the names that all tables have for them.</summary>
/// <param name="Csv">The table as CSV. Nats per datum where nothing else is said; empty where there is no number.</param>
/// <param name="Models">How many models it has.</param>
internal sealed record ResultTable(string Csv, int Models)
{
    // How every such table begins, and few others.
    private const string Beginning = "run,rho,";

    /// <summary>Reads runs.</summary>
    /// <param name="paths">Their folders.</param>
    /// <exception cref="OrnsteinException">One is no run, is not finished, or its files are damaged.</exception>
    public static ResultTable Of(IReadOnlyList<string> paths)
    {
        (string Run, int Layers, ModelNumbers Model)[] models =
        [
            .. paths.SelectMany(path =>
            {
                var result = Read(path);
                return ModelNumbers.Of(result, evaluation: null).Select(model => (Path.TrimEndingDirectorySeparator(path), result.Latents.Length, model));
            }),
        ];
        var layers = models.Max(model => model.Layers);
        Column[] columns = [.. Columns([.. models.Select(model => model.Model)], layers)];
        var text = new StringBuilder(CsvText.Line(["run", "rho", .. Enumerable.Range(1, layers - 1).Select(link => $"rho-z{link}"), "remedy", "seed", "status", .. columns.Select(column => column.Key)]));
        foreach (var (run, own, model) in models)
        {
            var member = model.Member;
            text.Append(CsvText.Line(
            [
                run, string.Join(':', (member.RhoPerLink ?? [member.Rho]).Select(Exact)), .. Enumerable.Range(0, layers - 1).Select(link => link < own - 1 ? Exact(member.RhoPerLink?[link] ?? member.Rho) : ""),
                member.Remedy ?? SettingText.None, member.Seed.ToString(CultureInfo.InvariantCulture), member.Status, .. columns.Select(column => column.Of(model)),
            ]));
        }

        return new ResultTable(text.ToString(), models.Length);
    }

    /// <summary>Whether a file is such a table, so that nothing is lost where another takes its place.</summary>
    public static bool IsOne(string path)
    {
        using var reader = new StreamReader(path);
        var first = new char[Beginning.Length];
        return reader.ReadBlock(first) == first.Length && new string(first) == Beginning;
    }

    // As the table of epochs has it, to be joined with that.
    private static string Exact(double rho) => rho.ToString(CultureInfo.InvariantCulture);

    private static PhaseResult Read(string path)
    {
        var folder = RunFolder.Open(path);
        StoredRun.ShownSettingsOfStack(folder); // a run of two branches has its results in its stacks
        return StoredResult.Read(folder);
    }

    // Those that one of the models has, each number with its standard error over data where there is one.
    private static IEnumerable<Column> Columns(ModelNumbers[] models, int layers)
    {
        IEnumerable<Column> all =
        [
            new("test-rows", model => model.Member.TestRows ?? ""),
            new("information-reason", model => model.Member.InformationReason ?? ""),
            new("k", model => model.Member.Bounds is { } bounds ? bounds.Draws.ToString(CultureInfo.InvariantCulture) : ""),
            .. KnownQuantities.For(models).SelectMany(quantity => quantity.IsPerLayer
                ? Enumerable.Range(0, layers).SelectMany(layer => Columns(quantity, layer))
                : Columns(quantity, null)),
        ];
        return all.Where(column => Array.Exists(models, model => column.Of(model).Length > 0));
    }

    private static Column[] Columns(Quantity quantity, int? layer)
    {
        var key = ComparisonColumn.KeyOf(quantity, layer);
        return quantity.Word is { } word ? [new(key, model => word(model, layer ?? 0) ?? "")] :
        [
            new(key, model => CsvText.Number(quantity.Of(model, layer ?? 0).Value)),
            new(key + "-error", model => CsvText.Number(quantity.Of(model, layer ?? 0).StandardError)),
        ];
    }

    private sealed record Column(string Key, Func<ModelNumbers, string> Of);
}
