using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Diagnosis;
using Ornstein.Information;
using Ornstein.Probes;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Experiments.Runs;

/// <summary>Measures the models of a stored run and evaluates their layers, and draws what their layers hold.</summary>
internal static class RunEvaluation
{
    /// <summary>Measures all models of a run, those of its rounds of refinement too.</summary>
    /// <param name="run">The run's first stack.</param>
    /// <param name="on">What it was opened with.</param>
    /// <param name="change">What its settings were changed with.</param>
    /// <param name="pictures">Folder for pictures of what layers hold; null for none.</param>
    /// <param name="progress">Told how far it is, and what is left out.</param>
    /// <param name="stop">Ends it.</param>
    public static EvaluationResult Of(
        StoredRun run, MeasuredOn on, Func<RunSettings, RunSettings> change, string? pictures, IRunProgress progress, CancellationToken stop)
    {
        var (members, models) = Measure(run, pictures, progress, stop);
        foreach (var round in RunRounds.Of(run.Folder))
        {
            using var more = StoredRun.Open(round.Path, on, change, stop);
            if (more.State.Step != run.State.Step)
            {
                progress.Warn($"left out: {PrintableText.Of(round.Path)}, which is at step {more.State.Step:N0} of {run.State.Step:N0}");
                continue;
            }

            var (others, theirs) = Measure(more, pictures, progress, stop);
            (members, models) = (RunRounds.Merge(members, others), [.. models, .. theirs]);
        }

        return Of(run, members, models);
    }

    // Results and evaluations of the models of one folder.
    private static (MemberResult[] Members, ModelEvaluation[] Models) Measure(StoredRun run, string? pictures, IRunProgress progress, CancellationToken stop)
    {
        var members = RunMeasurement.Of(run.Vae, run.Data, run.Settings, run.State.DivergedAt, run.State.LongGradients, progress, stop, run.Clock);
        var models = LayerEvaluator.Of(run.Vae, members, run.Data.Test, Options(run), progress, stop);
        if (pictures is not null) Draw(run, members, pictures, stop);
        return (members, [.. models.Zip(members, (model, member) => model with { Remedy = member.Remedy })]);
    }

    // Members by rho, then by remedy, then by seed.
    private static EvaluationResult Of(StoredRun run, MemberResult[] members, IEnumerable<ModelEvaluation> models)
    {
        var all = models.ToArray();
        if (run.IsOnOwnData) members = StoredMeasures.Keep(run.Folder, members, run.State.Step);
        var labels = Array.Exists(all, model => model.ProbesReason is null) ? Options(run).Labels : null;
        return new EvaluationResult
        {
            Phase = RunResults.Of(run.Settings, run.Data, members, [.. run.Warnings, .. LongGradientWarnings.Of(run.Folder, run.Settings)], run.State.Step, run.State.StepsPerEpoch) with { OtherData = run.OtherData },
            InformationOn = Math.Min(new InformationOptions().Data, run.Data.Test.Count),
            ProbesFittedOn = labels is null ? null : Math.Min(new ProbeOptions().Data, run.Data.Train.Count),
            ChanceAccuracy = labels is { } both ? LabelProbes.Chance(both.Train.Labels, both.Test.Labels) : null,
            Models = [.. all.OrderBy(model => model.Rho)
                .ThenBy(model => Array.FindIndex(run.Settings.Remedy, entry => entry.Name == model.Remedy)).ThenBy(model => model.Seed)],
        };
    }

    // The models of the first seed, three pictures each, where the data are images.
    private static void Draw(StoredRun run, MemberResult[] members, string folder, CancellationToken stop)
    {
        if (run.Data.Shape is not { } shape) return;
        foreach (var member in RunPictures.FirstSeed(run.Vae).Where(member => members[member].UnitKl is not null))
        {
            stop.ThrowIfCancellationRequested();
            var name = ModelName.Of(run.Vae.Members[member], run.Settings.HasSeveralRemedies());
            Write($"{name}-from-layers.png", LayerPictures.FromLayers(run, shape, member));
            Write($"{name}-traversals.png", LayerPictures.Traversals(run.Vae, members[member], shape, member));
            Write($"{name}-fixed-layers.png", LayerPictures.Fixed(run.Vae, shape, member));
        }

        void Write(string file, byte[] content) => AtomicFile.Write(Path.Combine(folder, file), stream => stream.Write(content));
    }

    private static LayerEvaluatorOptions Options(StoredRun run)
    {
        var data = run.Data;
        var hasLabels = data is { TrainLabels: not null, TestLabels: not null, IsTrainConstant: false };
        return new()
        {
            Evaluation = RunPlan.Evaluation(run.Settings),
            Rule = RunPlan.Rule,
            Labels = hasLabels ? (new LabelledRows(data.Train, data.TrainLabels!), new LabelledRows(data.Test, data.TestLabels!)) : null,
            NoLabelsReason = WhyUnlabelled(data),
            NoVarianceReason = RunMeasurement.NoVariance(data),
        };
    }

    /// <summary>Why nothing can be told of a layer where all test data are the same.</summary>
    internal const string SameTestData = "the test data are all the same, so no layer can tell them apart";

    private static string WhyUnlabelled(RunData data) => data.IsTrainConstant ? "cannot say: the training data are all the same, so there is nothing to fit"
        : data.TrainLabels is null == data.TestLabels is null ? $"data '{data.Name}' have no labels"
        : data.TrainLabels is null ? "the test data have labels and the training data have none"
        : "the training data have labels and the test data have none";
}
