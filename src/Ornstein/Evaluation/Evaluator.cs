using Ornstein.Batching;
using Ornstein.Decomposition;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>Measures a stack on held-out data, by names that are never mixed: smoothed objective, ELBO of the unsmoothed model.</summary>
public static class Evaluator
{
    // Draws of z_{i+1} for each z_i in the curves: two are the least that split bias from variance.
    private const int CurveDraws = 2;

    /// <summary>
    /// Means of the objectives' terms with one draw per datum, KLs also by unit, and the parts of the KLs where these are defined
    /// (<see cref="HierarchicalVae.IsMarkov"/>): cheap, for curves during training.
    /// </summary>
    public static ObjectiveMeans Objectives(HierarchicalVae vae, DataRows rows, EvaluationOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        vae = vae.OnProcessor();
        using var parts = KlPartSums.IfDefined(vae, CurveDraws);
        using var units = new UnitKl(vae.Members.Count, vae.Options.Units, draws: 1);
        var means = Measure(vae, rows, options, draws: 1, full: null, parts, units, progress: null, stop);
        var unitKl = Enumerable.Range(0, vae.Members.Count).Select(units.Units).ToArray();
        means = means with { SmoothedUnitKl = [.. vae.Options.Latents.Select((_, layer) => unitKl.Select(member => member[layer]).ToArray())] };
        if (parts is null) return means;
        var perMember = Enumerable.Range(0, vae.Members.Count).Select(parts.Of).ToArray();
        double[][] Of(Func<KlParts, double> part) =>
            [.. Enumerable.Range(0, vae.Options.Layers - 1).Select(link => perMember.Select(layers => part(layers[link])).ToArray())];
        return means with { SmoothedKlParts = new KlPartMeans(Of(part => part.Scale), Of(part => part.Bias), Of(part => part.Variance)) };
    }

    /// <summary>All results of every member.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Held-out data.</param>
    /// <param name="options">How it is measured.</param>
    /// <param name="divergedAt">The step at which each member diverged, or null; null for none.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range.</exception>
    public static MemberResult[] Members(
        HierarchicalVae vae, DataRows rows, EvaluationOptions options, IReadOnlyList<long?>? divergedAt = null, IProgress<MeasurementProgress>? progress = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        vae = vae.OnProcessor();
        using var full = new FullMeasurement(vae, options.Draws);
        var means = Measure(vae, rows, options, options.Draws, full, curveParts: null, curveUnits: null, progress, stop);
        var variances = full.Means.Variances();
        var key = RandomKey.FromSeed(options.Seed).At("importance");
        var bounds = ImportanceBounds.Of(vae, rows, options.ImportanceDraws ?? options.Draws, key, progress, stop);
        return [.. Enumerable.Range(0, vae.Members.Count).Select(member =>
        {
            var result = Result(vae, member, means, variances, options.ActiveUnitThreshold, divergedAt?[member]) with { TestRows = $"{rows.Fingerprint}" };
            return result.IsOk ? WithBounds(vae, full.AddTo(result, member, options), bounds[member]) : result;
        })];
    }

    private static MemberResult WithBounds(HierarchicalVae vae, MemberResult result, MemberBounds bounds) => result with
    {
        Bounds = bounds,
        Elbo = vae.IsKlFormABound ? result.Elbo : bounds.SampledElbo.Value,
        BitsPerDimension = vae.Options.Likelihood.Levels is not null ? -bounds.SampledElbo.Value / (vae.Options.Features * Math.Log(2)) : null,
    };

    private static ObjectiveMeans Measure(
        HierarchicalVae vae, DataRows rows, EvaluationOptions options, int draws, FullMeasurement? full, KlPartSums? curveParts,
        UnitKl? curveUnits, IProgress<MeasurementProgress>? progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        var layers = vae.Options.Layers;
        var key = RandomKey.FromSeed(options.Seed).At("evaluation");
        using var guard = no_grad();
        using var outer = NewDisposeScope();
        var unsmoothed = vae.Unsmoothed();
        var sums = zeros(2 + (2 * layers), vae.Members.Count, dtype: ScalarType.Float64);
        var atOnce = RowsAtOnce.Of(vae, options.BatchSize);
        var part = new MeasuredPart(progress, "objective and KLs", (long)rows.Count * draws);
        for (var start = 0; start < rows.Count; start += atOnce)
        {
            using var batchScope = NewDisposeScope();
            var count = Math.Min(atOnce, rows.Count - start);
            var x = rows.Slice(start, count).unsqueeze(0);
            var fromData = vae.FromData(x);
            for (var draw = 0; draw < draws; draw++)
            {
                stop.ThrowIfCancellationRequested();
                using var drawScope = NewDisposeScope();
                var noise = StackNoise.Shared(key.At(start).At(draw));
                var pass = vae.Infer(x, fromData, noise);
                var perUnit = vae.SmoothedKlPerUnit(pass, noise);
                var reconstruction = vae.Reconstruction(x, pass);
                var (without, ofIt) = unsmoothed == vae ? (pass, reconstruction) : (unsmoothed.Infer(x, fromData, noise), null);
                Tensor[] terms =
                [
                    reconstruction, ofIt ?? unsmoothed.Reconstruction(x, without), .. perUnit.Concat(unsmoothed.UnsmoothedKlPerUnit(without)).Select(units => units.sum([-1L])),
                ];
                sums.Add(stack(terms.Select(term => term.sum([1L], type: ScalarType.Float64)), 0));
                var own = key.At(start).At(draw);
                full?.AddDraw(pass, perUnit, draw, own);
                curveUnits?.AddDraw(perUnit);
                curveParts?.Add(vae, pass, r => StackNoise.Shared(own.At("parts").At(r)), smoothed: true);
                part.Advance(count);
            }

            full?.EndBatch();
            curveParts?.EndBatch();
            curveUnits?.EndBatch();
        }

        var values = sums.Over((double)rows.Count * draws).data<double>().ToArray().Chunk(vae.Members.Count).ToArray();
        return new ObjectiveMeans(values[0], values[2..(2 + layers)], values[(2 + layers)..]) { UnsmoothedReconstruction = values[1] };
    }

    private static MemberResult Result(
        HierarchicalVae vae, int member, ObjectiveMeans means, double[][][] variances, double threshold, long? divergedAt)
    {
        var rho = vae.Members[member].Rho;
        var layers = vae.Options.Layers;
        var status = divergedAt is not null ? $"diverged at step {divergedAt}"
            : !vae.Parameters.IsFinite(member) || !double.IsFinite(means.SmoothedObjective(member)) || !double.IsFinite(means.Elbo(member))
                ? "not finite when measured"
            : MemberResult.Ok;
        // All numbers or none: a finite term beside one that is not says nothing of the model.
        double Valid(double value) => status == MemberResult.Ok ? value : double.NaN;
        double[] Of(double[][] perLayer) => [.. perLayer.Select(layer => Valid(layer[member]))];
        return new MemberResult
        {
            Rho = rho[^1],
            RhoPerLink = rho.Count > 1 ? [.. rho] : null,
            Remedy = RemedyName.Of(vae.Members[member].Remedy),
            Seed = vae.Members[member].Seed,
            Status = status,
            SmoothedObjective = Valid(means.SmoothedObjective(member)),
            Elbo = Valid(means.Elbo(member)),
            Reconstruction = Valid(means.Reconstruction[member]),
            UnsmoothedReconstruction = status == MemberResult.Ok && means.UnsmoothedReconstruction[member] is var own && own != means.Reconstruction[member] ? own : null,
            Kl = Of(means.SmoothedKl),
            UnsmoothedKl = Of(means.UnsmoothedKl),
            TopKl = Valid(means.SmoothedKl[layers - 1][member]),
            ActiveUnits = status == MemberResult.Ok ? [.. variances.Select(layer => layer[member].Count(value => value > threshold))] : [],
            UnitVariance = status == MemberResult.Ok ? [.. variances.Select(layer => layer[member])] : null,
        };
    }
}
