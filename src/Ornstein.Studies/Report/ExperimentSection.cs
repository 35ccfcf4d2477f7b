using System.Globalization;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Studies.Claims;
using Ornstein.Studies.Numbers;

namespace Ornstein.Studies.Report;

/// <summary>The part of a report that is about one experiment.</summary>
/// <param name="numbers">Its numbers.</param>
/// <param name="command">The command that repeats it.</param>
internal sealed class ExperimentSection(ExperimentNumbers numbers, string command)
{
    public IEnumerable<IBlock> Blocks()
    {
        yield return new Heading(2, numbers.Experiment);
        if (numbers.Question.Length > 0) yield return new Paragraph(numbers.Question);
        if (numbers.Missing.Length > 0)
        {
            yield return new Paragraph($"Without {numbers.Missing.Length} of {numbers.Missing.Length + numbers.Cells.Length} cells:");
            yield return new Items([.. numbers.Missing.Select(cell => $"{cell.Cell}: {cell.Reason}")]);
        }

        if (numbers.Cells.Length == 0)
        {
            foreach (var block in Claims()) yield return block;
            yield return new Paragraph("No cell has results yet. This runs them:");
            yield return new Repeat(command);
            yield break;
        }

        foreach (var block in Claims().Concat(Figures()).Append(Commands())) yield return block;
    }

    private IEnumerable<IBlock> Figures() =>
    [
        .. Array.Exists(numbers.Cells, cell => Array.Exists(cell.Codes, code => code.IsMeasured)) ? Codes() : [],
        new Heading(3, "KL of every layer"),
        Figure("kl", StudyFigures.Kl(numbers), "Median over seeds, with the range from least to greatest; nats per datum, on a logarithmic scale."),
        Again,
        Figure("top-kl", StudyFigures.TopKl(numbers), "The KL of the top layer, a line per cell: median over seeds, with the range."),
        Again,
        .. StudyFigures.EffectiveKl(numbers) is { } effective
            ? (IBlock[])[Figure("effective-kl", effective, "The same over the effective ρ, with which exact smoothing would do the same to a linear function. Where only that matters, the lines coincide."), Again]
            : [],
        new Heading(3, "Critical ρ of the KL"),
        new Rows(["cell", "layer", "critical ρ", "95 % over seeds", "ρ tried around it", "width", "nats per ρ", "top KL at ρ = 1"], [.. numbers.Cells.SelectMany(Falls)]),
        .. WithoutFall() is { Count: > 0 } without ? (IBlock[])[new Items(without)] : [],
        Note("Where each layer's KL falls to zero: mean over seeds with its bootstrap interval. Width: distance of the last ρ at which the layer is active "
            + "with every seed from the first at which it is collapsed with every seed; nats per ρ: how fast the KL falls there, a lower bound where the ρ tried are far apart. "
            + "Top KL at ρ = 1: median over seeds (least to greatest)."),
        Again,
        new Heading(3, "Differences"),
        numbers.Differences.Length == 0
            ? Note("No two cells with results differ in one thing only.")
            : new Rows(
                ["cells", "differ in", "layer", "by", "critical ρ of the second less that of the first"],
                [.. numbers.Differences.Select(d => new[] { $"{d.First}, {d.Second}", d.Axis, d.Layer, d.Parameter, d.Sentence })], IsText: true),
        Note("Between cells that differ in one thing only. By: what is followed along ρ, the information in means or in widths, or the KL where no information was measured. A seed that tells at no ρ counts as 0, one that tells at every ρ as 1. The first interval is that of the mean over seeds of differences paired by seed (Student's t), 95 % for itself alone. The "
            + "second is wide enough for all pairs of this experiment together (Bonferroni); two cells differ where it leaves out zero and they are not similar. The third is the same for the least and the most "
            + "that the ρ tried around each seed's transitions allow. Similar: the latter of 90 % for the pair alone lies within the margin that the study file states, which is two one-sided tests at 5 %."),
        Again,
        new Heading(3, "Variance part of the KL"),
        Figure("variance", StudyFigures.Variance(numbers),
            "What the variance of the functions between layers costs, in layers below the top: as trained, and for the same weights without smoothing. "
            + "Median over seeds, with the range; nats per datum, on a logarithmic scale."),
        Again,
        new Rows(["cell", "layer", "at ρ", "as trained, nats", "share of the KL", "without smoothing, nats"], [.. numbers.Cells.SelectMany(Variance)]),
        Note("Medians over seeds, at the lowest and the highest ρ. No share where the layer's KL is below the collapse threshold."),
        Again,
        new Heading(3, "Bounds"),
        Figure("bounds", StudyFigures.Bounds(numbers),
            $"True bounds on log p(x), each of the model that it names: median over seeds, with the range. Importance-weighted: k = {Draws()}. "
                + "The scale follows the upper half of the values; what lies far below is cut off."),
        Again,
        new Rows(["cell", "bound", "best ρ", "there", "gain over ρ = 1", "95 % over seeds"], [.. numbers.Cells.SelectMany(Bounds)]),
        Note("Best ρ: that with the highest mean over seeds, of those tried; because it was chosen for its value, its gain is somewhat flattered. Gain: mean of the differences "
            + "of the same seed, with its interval by Student's t."),
        Again,
        new Heading(3, "Training"),
        Figure("training", StudyFigures.Training(numbers), "The KL of the top layer by epoch, on held-out training data where there are any, else on training batches: median over seeds, a line per ρ."),
        Again,
        new Rows(["cell", "epochs", "alive, moving or growing", "stays collapsed", "not settled"], [.. numbers.Cells.Select(Training)], IsText: true),
        Note("What the top layer of each model does over the second half of its epochs. Alive: its KL is above the collapse threshold and moves by at most a tenth. Growing, or "
            + "shrinking: its KL is below the threshold, and ln KL rises or falls by more than two standard errors. At rest: neither, and at the highest rate that two standard errors "
            + "allow it would stay below the threshold for as many epochs again. Stays collapsed: with every seed it shrinks or is at rest, below the threshold; "
            + "a layer can tell something of the data below it. Not settled: with some seed it grows, moves, or may do either; "
            + "a critical ρ between such ρ may move when training goes on."),
        Again,
    ];

    private IBlock Again => new Repeat(command);

    private Picture Figure(string name, PanelFigure figure, string caption) =>
        new($"figures/{numbers.Experiment}/{name}", figure.Png(), figure.Svg(), caption);

    private Rows Commands() => new(
        ["cell", "the run alone"],
        [.. numbers.Cells.Select(cell => new[] { cell.Cell, cell.Command }), .. numbers.Missing.Select(cell => new[] { cell.Cell, cell.Command })], IsText: true);

    private static IEnumerable<string[]> Falls(CellNumbers cell) => cell.Falls.Reverse().Select((fall, i) => (string[])
    [
        cell.Cell,
        i == 0 ? $"z{fall.Layer} (top)" : $"z{fall.Layer}",
        .. fall.Drop is { } drop
            ? (string[])
            [
                Number(drop.Estimate), Interval(drop.ConfidenceLow, drop.ConfidenceHigh, drop.Seeds), $"{Number(drop.Low)} to {Number(drop.High)}",
                Number(drop.High - drop.Low), PhaseWords.Nats(drop.Sharpness),
            ]
            : ["none", "-", "-", "-", "-"],
        i > 0 || cell.TopKlUnsmoothed is not { } top ? "-" : $"{PhaseWords.Nats(top.Median)} ({PhaseWords.Nats(top.Least)} to {PhaseWords.Nats(top.Greatest)})",
    ]);

    private static IEnumerable<string[]> Variance(CellNumbers cell) =>
        from layer in Enumerable.Range(0, cell.Variance.Length)
        from i in new[] { 0, cell.Rhos.Length - 1 }.Distinct()
        where i >= 0 && double.IsFinite(cell.Variance[layer].Median[i])
        let share = cell.VarianceShare[layer].Median[i]
        select (string[])
        [
            cell.Cell, $"z{layer + 1}", Number(cell.Rhos[i]), PhaseWords.Nats(cell.Variance[layer].Median[i]),
            double.IsFinite(share) ? share.ToString("0.0 %", CultureInfo.InvariantCulture) : "-", PhaseWords.Nats(cell.UnsmoothedVariance[layer].Median[i]),
        ];

    private IReadOnlyList<string> WithoutFall() =>
    [
        .. numbers.Cells.SelectMany(cell => cell.Falls.Reverse().Where(fall => fall.Drop is null).Select(fall => $"{cell.Cell}, z{fall.Layer}: {fall.Reason}")),
    ];

    private static IEnumerable<string[]> Bounds(CellNumbers cell) => cell.Bounds.Select(bound => (string[])
    [
        cell.Cell, bound.Name, Number(bound.BestRho), PhaseWords.Nats(bound.Curve.Median[Array.IndexOf(cell.Rhos, bound.BestRho)]),
        .. bound.BestRho == 1 ? (string[])["none: ρ = 1 is best", "-"]
            : bound.GainOverUnsmoothed is not { } gain ? [cell.Rhos.Contains(1) ? "no seed has both" : "there is no model at ρ = 1", "-"]
            : [Signed(gain.Mean), gain.Low is { } low && gain.High is { } high ? $"{Signed(low)} to {Signed(high)}" : "one seed"],
    ]);

    private static string[] Training(CellNumbers cell)
    {
        TrainingNumbers[] known = [.. cell.Training.Where(line => line.Seeds.Length > 0)];
        var epochs = cell.Training.FirstOrDefault()?.Epochs.Length.ToString(CultureInfo.InvariantCulture) ?? "0";
        if (known.Length == 0) return [cell.Cell, epochs, "-", "-", "too few epochs to say"];
        string Rhos(Func<TrainingNumbers, bool> are) => known.Where(are).Select(line => Number(line.Rho)).ToArray() is { Length: > 0 } all ? string.Join(", ", all) : "none";
        string[] open = [.. known.Where(line => !Array.TrueForAll(line.Seeds, seed => seed.IsSettled)).Select(line => $"{Number(line.Rho)} ({States(line)})")];
        return
        [
            cell.Cell, epochs, Rhos(line => Array.Exists(line.Seeds, seed => seed.State is GrowthState.Alive or GrowthState.Moving or GrowthState.Growing)),
            Rhos(line => Array.TrueForAll(line.Seeds, seed => seed.State is GrowthState.Shrinking or GrowthState.AtRest)), open.Length == 0 ? "none" : string.Join(", ", open),
        ];
    }

    private static string States(TrainingNumbers line) => string.Join(", ", line.Seeds.Where(seed => !seed.IsSettled).CountBy(seed => seed.State)
        .Select(state => $"{state.Value} of {line.Seeds.Length} {(state.Key switch { GrowthState.Growing => "growing", GrowthState.Moving => "moving", _ => "undecided" })}"));

    private IEnumerable<IBlock> Claims()
    {
        if (numbers.Claims.Length == 0) yield break;
        yield return new Heading(3, numbers.Claims.Length == 1 ? "Claim" : "Claims");
        foreach (var (claim, verdicts) in numbers.Claims)
        {
            yield return new Paragraph(claim.Says);
            if (verdicts.Length == 0)
            {
                yield return new Paragraph(numbers.Missing.Length > 0 ? $"Not judged yet: {numbers.Missing.Length} of its {numbers.Missing.Length + numbers.Cells.Length} cells have no results."
                    : claim.ComparesCells ? "Not judged: no two of its cells can be compared." : "Not judged: no seed says anything.");
                continue;
            }

            yield return new Items([.. verdicts.Select(verdict => $"It {verdict.Sentence}.{(verdicts.Length > 1 && verdict.IsMain ? " This is what the claim stands or falls by." : "")}")]);
            if (verdicts.SelectMany(verdict => verdict.Questions).Select(question => question.Sentence).ToArray() is { Length: > 0 } questions) yield return new Items(questions);
            yield return Note("The rule, stated in the study file: " + RuleOf(claim));
        }
    }

    private static string RuleOf(StudyClaim claim) => claim.Rule switch
    {
        ClaimRule.Similar => "it holds where all pairs of cells are similar within the margin, and is refuted where one pair differs, whatever lies between the ρ tried. All other pairs are open.",
        ClaimRule.Differs => "it holds where one pair of cells differs, whatever lies between the ρ tried, and is refuted where all pairs are similar within the margin. All other pairs are open.",
        _ => $"{SeedRules.Explanation(claim.Rule)}{(claim.At is { } at ? $" There: ρ = {Number(at)}." : "")} The claim holds where most seeds of every cell speak for it, and is refuted where most seeds of one speak "
            + "against it: so many that chance alone, one half for each seed, would bring as many in 5 % of cases at most (against it, in 5 % over all questions).",
    };

    private IEnumerable<IBlock> Codes() =>
    [
        new Heading(3, "Information of every layer"),
        Figure("information", StudyFigures.Information(numbers), "What the layers from the second tell of the data, in the means of q (strong) and in its widths (light): median over seeds, with the range; nats."),
        Again,
        new Heading(3, "Where information begins"),
        new Rows(["cell", "layer", "in", "up to ρ", "how", "ρ tried around it", "single seeds"], [.. numbers.Cells.SelectMany(Begins)]),
        .. WithoutCode() is { Count: > 0 } without ? (IBlock[])[new Items(without)] : [],
        .. Gaps() is { Count: > 0 } gaps ? (IBlock[])[new Items(gaps)] : [],
        Note("The highest ρ up to which the layer tells of the data in that part of q: mean over seeds of the line through each seed's last information and that at the ρ before, continued to zero. None where "
            + "seeds end in two states: each seed's own is then in the last column. There, none: it tells at no ρ tried; every: at every one."),
        Again,
        .. Array.Exists(numbers.Cells, cell => cell.Drops.Length > 0) ? Drops() : [],
        .. Array.Exists(numbers.Cells, cell => cell.Decades.Length > 0) ? Decades() : [],
    ];

    private IBlock[] Drops() =>
    [
        new Rows(["cell", "seeds that end", "from half to nothing, at most", "at least"],
            [.. numbers.Cells.Where(cell => cell.Drops.Length > 0).Select(cell => new[] { cell.Cell, $"{cell.Drops.Length} of {cell.Seeds.Length}", Range(cell.Drops, drop => drop.Most), Range(cell.Drops, drop => drop.Least) })]),
        Note("How far along ρ the top layer takes from half of its most information in means to none, with a KL below 0.01 nats: median over seeds (least to greatest), at most and at least, as the ρ tried allow."),
        Again,
    ];

    private IBlock[] Decades() =>
    [
        new Rows(["cell", "seeds", $"through {Number(SeedDecade.Upper)} nats at ρ", $"through {Number(SeedDecade.Lower)} nats at ρ", "distance", "in one step"],
            [.. numbers.Cells.Where(cell => cell.Decades.Length > 0).Select(cell => new[]
            {
                cell.Cell, $"{cell.Decades.Length} of {cell.Seeds.Length}", Mean(cell, decade => decade.From), Mean(cell, decade => decade.To), Mean(cell, decade => decade.Distance),
                $"{cell.Decades.Count(decade => decade.IsOneStep)}",
            })]),
        Note($"Where the information of the top layer, in means and widths together, falls through {Number(SeedDecade.Upper)} and through {Number(SeedDecade.Lower)} nats the last time as ρ rises, and how far "
            + "apart the two are: mean over seeds, with its 95 % interval by Student's t. Seeds that do not fall through both are left out. Between the ρ tried, the logarithm of the information counts as a "
            + "straight line, and less than a tenth of the lower one as that much. In one step: how many seeds fall through both between two ρ tried, where the distance is a share of that step."),
        Again,
    ];

    private static string Mean(CellNumbers cell, Func<SeedDecade, double> number) => SeedMean.Of([.. cell.Decades.Select(number)]) switch
    {
        { Low: { } low, High: { } high } mean => $"{Number(mean.Mean)} ({Number(low)} to {Number(high)})",
        { } one => Number(one.Mean),
        null => "-",
    };

    private static string Range(SeedDrop[] drops, Func<SeedDrop, double> way)
    {
        var range = CellReader.RangeOf(drops.Select(way))!;
        return $"{Number(range.Median)} ({Number(range.Least)} to {Number(range.Greatest)})";
    }

    private static IEnumerable<string[]> Begins(CellNumbers cell) => cell.Codes.Reverse().Where(code => code.Transition.Reason is null).Select(code => (string[])
    [
        cell.Cell, code.Transition.Layer == cell.Layers ? $"z{code.Transition.Layer} (top)" : $"z{code.Transition.Layer}", code.Transition.Part == CodePart.Means ? "means" : "widths",
        code.Transition.Estimate is { } estimate ? Number(estimate) : "two states", $"{code.Transition.Kind}".ToLowerInvariant(),
        $"{Number(code.Transition.Low!.Value)} to {Number(code.Transition.High!.Value)}", string.Join(", ", code.BySeed.Values.OrderBy(seed => seed.Rho).Select(seed => seed.Beyond ?? Number(seed.Rho))),
    ]);

    // Where it does not tell below that.
    private IReadOnlyList<string> Gaps() =>
    [
        .. from cell in numbers.Cells
           from code in cell.Codes.Reverse()
           where code.Transition.Reason is null
           from state in code.Transition.States
           where state.Rho < code.Transition.Low && state.Alive < state.Seeds
           select $"{cell.Cell}, z{code.Transition.Layer}, {(code.Transition.Part == CodePart.Means ? "means" : "widths")}: at ρ {Number(state.Rho)} it tells with {state.Alive} of {state.Seeds} seeds",
    ];

    private IReadOnlyList<string> WithoutCode() =>
        [.. numbers.Cells.SelectMany(cell => cell.Codes.Reverse().Where(code => code.Transition.Reason is not null).Select(code => $"{cell.Cell}: {code.Transition.Reason}"))];

    private string Draws() => string.Join(" or ", numbers.Cells.Select(cell => cell.ImportanceDraws).OfType<int>().Distinct().Order());

    private static Paragraph Note(string text) => new(text, IsNote: true);

    private static string Interval(double? low, double? high, int seeds) =>
        low is { } from && high is { } to ? $"{Number(from)} to {Number(to)} ({seeds} seeds)" : "one seed";

    private static string Number(double value) => PhaseWords.Number(value);

    private static string Signed(double value) => value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
