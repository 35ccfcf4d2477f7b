using System.Text.Json.Serialization;
using Ornstein.Experiments.Comparisons;
using Ornstein.Results;

namespace Ornstein.Studies.Numbers;

/// <summary>Median and range over seeds of one number along <see cref="CellNumbers.Rhos"/>; null where no seed has it.</summary>
internal sealed record SeedCurve(double[] Median, double[] Least, double[] Greatest);

/// <summary>Median and range over seeds; how many seeds.</summary>
internal sealed record SeedRange(double Median, double Least, double Greatest, int Seeds);

/// <summary>A mean over seeds with its 95 % interval by Student's t; null with one seed.</summary>
internal sealed record SeedMean(double Mean, double? Low, double? High, int Seeds)
{
    /// <summary>The mean of one value per seed; null of none.</summary>
    /// <param name="values">Values, such as differences of the same seed.</param>
    /// <param name="comparisons">Comparisons whose intervals are to hold together with 95 % (Bonferroni).</param>
    /// <param name="tail">Share on each side that the interval leaves out for a single comparison: 2.5 % for one of 95 %.</param>
    public static SeedMean? Of(IReadOnlyList<double> values, int comparisons = 1, double tail = 0.025)
    {
        if (values.Count == 0) return null;
        if (values.Count == 1) return new(values[0], null, null, 1);
        var mean = Estimate.OfMean(values);
        var half = SeedInterval.StudentQuantile(values.Count - 1, tail / comparisons) * mean.StandardError;
        return new(mean.Value, mean.Value - half, mean.Value + half, values.Count);
    }
}

/// <summary>A transition of one seed alone: 0 where it never lives, 1 where it lives at every rho.</summary>
/// <param name="Rho">Where its curve, carried on between the rhos tried, has it.</param>
/// <param name="Low">The last rho tried below it.</param>
/// <param name="High">The first one at it or above.</param>
internal sealed record SeedRho(double Rho, double Low, double High)
{
    /// <summary>It lives at no rho that was tried.</summary>
    public static SeedRho Never(double lowest) => new(0, 0, lowest) { Beyond = "none" };

    /// <summary>It lives at every rho that was tried.</summary>
    public static SeedRho Always(double highest) => new(1, highest, 1) { Beyond = "every" };

    /// <summary>Which rhos it lives at, where none of those tried lies beyond its transition: <c>none</c> or <c>every</c>; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Beyond { get; init; }
}

/// <summary>Where the KL of a layer falls to zero.</summary>
/// <param name="Layer">The layer, from 2.</param>
/// <param name="Drop">The fall, with its interval over seeds; null with a reason.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="BySeed">The critical rho of every seed that has one.</param>
internal sealed record LayerFall(int Layer, Drop? Drop, string? Reason, IReadOnlyDictionary<long, SeedRho> BySeed);

/// <summary>Where a layer begins to tell of the data in one part of q, as rho falls.</summary>
/// <param name="Transition">Where and how, over seeds; or the reason why that is not known.</param>
/// <param name="BySeed">The rho of every seed; those are left out that are too uncertain at some rho.</param>
internal sealed record CodeFall(CodeTransition Transition, IReadOnlyDictionary<long, SeedRho> BySeed)
{
    /// <summary>Whether any model has a measured information.</summary>
    [JsonIgnore]
    public bool IsMeasured => Array.Exists(Transition.States, state => state.Seeds > 0);
}

/// <summary>A bound on log p(x) along rho.</summary>
/// <param name="Name">Which bound, and of which model.</param>
/// <param name="Curve">Nats per datum.</param>
/// <param name="BestRho">The rho with the best mean, over seeds that have the bound at every rho where there are any; NaN where no seed has it.</param>
/// <param name="GainOverUnsmoothed">The bound at <paramref name="BestRho"/> minus that at rho 1, paired by seed; null where no seed has both.</param>
internal sealed record BoundNumbers(string Name, SeedCurve Curve, double BestRho, SeedMean? GainOverUnsmoothed);

/// <summary>The top layer's KL during the training at one rho.</summary>
/// <param name="Rho">The rho.</param>
/// <param name="Epochs">Epochs.</param>
/// <param name="TopKl">Median over seeds, on validation data where there are any; nats per datum.</param>
/// <param name="Change">Its change over the last fifth of the epochs; NaN with fewer than five.</param>
/// <param name="Seeds">Every seed at the end of its training.</param>
internal sealed record TrainingNumbers(double Rho, int[] Epochs, double[] TopKl, double Change, SeedGrowth[] Seeds);

/// <summary>What the run folder of one cell says.</summary>
internal sealed record CellNumbers
{
    public required string Cell { get; init; }

    /// <summary>Entry of each axis.</summary>
    public required IReadOnlyDictionary<string, string> Parts { get; init; }

    public required string Folder { get; init; }

    /// <summary>The command that repeats it.</summary>
    public required string Command { get; init; }

    public required int[] Latents { get; init; }

    public required long[] Seeds { get; init; }

    /// <summary>All seeds that were trained, those among them with which every model diverged.</summary>
    public required long[] Asked { get; init; }

    /// <summary>Models that diverged, and are left out of every number.</summary>
    public required int Diverged { get; init; }

    public required double CollapseThreshold { get; init; }

    /// <summary>Ascending.</summary>
    public required double[] Rhos { get; init; }

    /// <summary>KL as trained of every layer, z1 first.</summary>
    public required SeedCurve[] Kl { get; init; }

    /// <summary>Active units of every layer, z1 first.</summary>
    public required SeedCurve[] ActiveUnits { get; init; }

    /// <summary>Share that the variance part has of the KL of every layer below the top, z1 first; 0 to 1.</summary>
    public required SeedCurve[] VarianceShare { get; init; }

    /// <summary>Variance part of the KL as trained, of every layer below the top, z1 first; nats per datum.</summary>
    public required SeedCurve[] Variance { get; init; }

    /// <summary>The same of the same weights without smoothing.</summary>
    public required SeedCurve[] UnsmoothedVariance { get; init; }

    /// <summary>KL of every layer, z1 first, of the same weights without smoothing; nats per datum.</summary>
    public required SeedCurve[] UnsmoothedKl { get; init; }

    /// <summary>Information of every layer, z1 first; nats. Empty curves where none was measured.</summary>
    public required SeedCurve[] Information { get; init; }

    /// <summary>What of it lies in q's means.</summary>
    public required SeedCurve[] MeanInformation { get; init; }

    /// <summary>What of it lies in q's widths.</summary>
    public required SeedCurve[] WidthInformation { get; init; }

    /// <summary>Where every layer from the second begins to tell of the data, in means and in widths.</summary>
    public required CodeFall[] Codes { get; init; }

    /// <summary>How sharply the top layer's information in means ends, of every seed with which it does.</summary>
    public required SeedDrop[] Drops { get; init; }

    /// <summary>Over which rhos the top layer's information falls from 0.1 to 0.01 nats, of every seed with which it does.</summary>
    public required SeedDecade[] Decades { get; init; }

    /// <summary>Falls of the KL of every layer from the second.</summary>
    public required LayerFall[] Falls { get; init; }

    /// <summary>Top-layer KL at rho 1; null where it was not tried.</summary>
    public required SeedRange? TopKlUnsmoothed { get; init; }

    /// <summary>Draws k of the importance-weighted bounds; null without bounds.</summary>
    public required int? ImportanceDraws { get; init; }

    public required BoundNumbers[] Bounds { get; init; }

    /// <summary>Number K of inner draws.</summary>
    public required int Draws { get; init; }

    /// <summary>
    /// The effective rho of every one of <see cref="Rhos"/>: exact smoothing with it does to a linear function what the cell's draws do (docs/theory.md). Null
    /// where smoothing is not by q's own Gaussian, or where its draws have no theory.
    /// </summary>
    public required double[]? EffectiveRhos { get; init; }

    /// <summary>The models themselves, those that diverged left out.</summary>
    [JsonIgnore]
    public MemberResult[] Members { get; init; } = [];

    /// <summary>Curves of the training, by rho; those of rounds of refinement among them.</summary>
    public required TrainingNumbers[] Training { get; init; }

    /// <summary>Number of layers.</summary>
    [JsonIgnore]
    public int Layers => Latents.Length;
}
