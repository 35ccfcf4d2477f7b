using System.Diagnostics;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Gradients;
using Ornstein.Models;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Steps;

namespace Ornstein.Training;

/// <summary>The training recipe, top to bottom. Synchronous and on one thread: TorchSharp's dispose scopes are per thread.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains a stack on the smoothed objective from where its state stands until the last epoch, until every member diverged, or until stopped.
    /// </summary>
    /// <param name="vae">The stack.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="state">Where it stands; advanced with every step.</param>
    /// <param name="train">Training data.</param>
    /// <param name="validation">Data for the curves, or null.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="observer">What happens beside the training, or null.</param>
    /// <param name="stop">Ends the training after the current step.</param>
    /// <returns>Whether it ended by itself: the last epoch was reached, or every member diverged.</returns>
    /// <exception cref="OrnsteinException">
    /// A setting is out of range, the data do not fit the model, or batches of a single datum would be normalized.
    /// </exception>
    public static bool Run(
        HierarchicalVae vae,
        Adam adam,
        TrainingState state,
        DataRows train,
        DataRows? validation,
        TrainingOptions options,
        ITrainingObserver? observer = null,
        CancellationToken stop = default) =>
        Run(vae, adam, state, train, validation, options, batches => ITrainingStep.For(vae, adam, batches, options.Epochs), observer, stop);

    /// <summary>The same with steps of one's own.</summary>
    internal static bool Run(
        HierarchicalVae vae,
        Adam adam,
        TrainingState state,
        DataRows train,
        DataRows? validation,
        TrainingOptions options,
        Func<StackBatches, ITrainingStep> stepsOf,
        ITrainingObserver? observer = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(adam);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (train.Features != vae.Options.Features)
        {
            throw new OrnsteinException($"the data have {train.Features} features and the model {vae.Options.Features}; they must be equal.");
        }

        if (vae.Options.Likelihood.Misfit(train.Range()) is { } misfit) throw new OrnsteinException($"the data do not fit the likelihood: {misfit}.");
        var batches = new StackBatches(train, vae.Seeds, options.BatchSize);
        RequireBatch(vae.Networks.CouplesRows, options, train.Count);
        var steps = (long)options.Epochs * batches.StepsPerEpoch;
        if (options.Adam != new AdamOptions() && options.Adam != adam.Options)
            throw new OrnsteinException("the training's options have settings of Adam that its optimizer does not; make it with them: new Adam(parameters, options.Adam).");
        RequireFit(vae, adam, state, train, validation, batches.StepsPerEpoch, steps);
        state.Data = train.Fingerprint;
        state.StepsPerEpoch = batches.StepsPerEpoch;
        adam.Average?.Begin();
        if (adam.Options.BoundsGradients) state.LongGradients ??= LongGradients.None(vae.Members.Count);
        var active = state.DivergedAt.Select(step => step is null).ToArray();
        using var pass = stepsOf(batches);
        if (options.GradientNoise is null) state.Gradients = null;
        var meter = options.GradientNoise is { } noise ? MeterOf(vae, batches, pass, noise, state) : null;
        var clock = Stopwatch.StartNew();
        var (start, images, imagesAtEpoch, secondsAtEpoch) = (state.Step, 0L, 0L, 0.0);

        while (state.Step < steps && Array.Exists(active, isActive => isActive)) // no numbers to be had once every member diverged
        {
            if (stop.IsCancellationRequested) return false;

            // On the processor one step; a device is given several before their numbers are fetched.
            var last = Math.Min(state.Step + pass.StepsAtOnce, EndOfEpoch(state));
            for (var next = state.Step + 1; next <= last; next++)
            {
                if (meter?.IsDueBefore(next) == true) meter.Measure(next, state.Gradients!);
                pass.Run(next, options.LearningRate.At(next, steps), active); // batch, noise, both passes, Adam
                if (stop.IsCancellationRequested || observer?.IsWaiting == true) break;
            }

            foreach (var numbers in pass.Collect())
            {
                if (!Array.Exists(active, isActive => isActive)) break; // every member had diverged before this step
                state.Step++;
                Freeze(state, active, observer, numbers);
                if (state.LongGradients is { } counts) Count(counts, numbers.Norms, active, adam.Options, observer, state.Step);
                Accumulate(state, numbers.Terms);
                images += (long)batches.BatchSize * vae.Members.Count;
                if (observer is null) continue;
                var (lowest, highest) = LossRange(numbers.Terms, active);
                observer.OnStep(new TrainingProgress(
                    EpochOf(state), options.Epochs, state.Step, steps, state.Step - start, lowest, highest, images, state.Diverged));
            }

            if (state.Step % batches.StepsPerEpoch == 0)
            {
                var step = state.Step;
                var seconds = clock.Elapsed.TotalSeconds;
                var speed = (images - imagesAtEpoch) / Math.Max(1e-9, seconds - secondsAtEpoch);
                vae.AnnealTo(new TrainingClock(step, batches.StepsPerEpoch, steps));
                var means = validation is null ? null : Validate(vae, adam, validation);
                var metrics = Metrics(state, means, EpochOf(state), options.LearningRate.At(step, steps), speed, adam.Options);
                observer?.OnEpoch(metrics with { KlWeight = KlWeights(vae, state, steps) });
                foreach (var sums in state.EpochSums) Array.Clear(sums);
                state.EpochSteps = 0;
                state.LongGradients?.BeginEpoch();
                state.Gradients?.Clear();
                (imagesAtEpoch, secondsAtEpoch) = (images, clock.Elapsed.TotalSeconds);
            }

            observer?.OnBetweenSteps(state);
        }

        return true;
    }

    /// <summary>
    /// Throws where batches would be normalized that hold a single datum: its mean is itself, and nothing of it would be left. So too where gradients are to be compared
    /// between batches and there is one only.
    /// </summary>
    /// <param name="model">The architecture.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="data">Number of training data, to which a batch is cut.</param>
    /// <exception cref="OrnsteinException">Says what would be right.</exception>
    public static void RequireBatch(ModelOptions model, TrainingOptions options, int data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        RequireBatch(model.Networks.CouplesRows, options, data);
    }

    private static void RequireBatch(bool couplesRows, TrainingOptions options, int data)
    {
        var batch = Math.Max(1, Math.Min(options.BatchSize, data));
        if (options.GradientNoise is not null) GradientNoiseMeter.Require(data / batch);
        if (!couplesRows || batch > 1) return;
        throw new OrnsteinException(data == 1
            ? "batch normalization needs at least 2 training data, and there is 1: of a batch of one datum it leaves nothing."
            : "batch normalization of a batch of one datum leaves nothing of it; train with a batch of at least 2.");
    }

    private static void RequireFit(
        HierarchicalVae vae, Adam adam, TrainingState state, DataRows train, DataRows? validation, int stepsPerEpoch, long steps)
    {
        if (adam.Parameters != vae.Parameters) throw new OrnsteinException("the optimizer is of another stack.");
        if (state.DivergedAt.Length != vae.Members.Count || state.EpochSums.Length != vae.Options.Layers + 1)
        {
            throw new OrnsteinException("the training state is of a stack with another number of members or layers.");
        }

        if (validation is not null && validation.Features != vae.Options.Features)
        {
            throw new OrnsteinException($"the validation data have {validation.Features} features and the model {vae.Options.Features}.");
        }

        if (state.Data is { } before && before != train.Fingerprint)
            throw new OrnsteinException($"the data have changed: the checkpoint was trained on other data ({before}) than these ({train.Fingerprint}).");

        if (state.StepsPerEpoch != 0 && state.StepsPerEpoch != stepsPerEpoch)
        {
            throw new OrnsteinException(
                $"the checkpoint was written with {state.StepsPerEpoch} steps an epoch and the data now give {stepsPerEpoch}: the data have changed.");
        }

        if (state.Step > steps || state.EpochSteps != state.Step % stepsPerEpoch)
        {
            throw new OrnsteinException($"the checkpoint stands at step {state.Step}, which does not fit {steps} steps of {stepsPerEpoch} an epoch.");
        }
    }

    // A member is judged by its own loss and gradient alone; the step at which one is not finite leaves its parameters as they were.
    private static void Freeze(TrainingState state, bool[] active, ITrainingObserver? observer, StepNumbers numbers)
    {
        for (var member = 0; member < active.Length; member++)
        {
            if (!active[member] || (double.IsFinite(Loss(numbers.Terms, member, active.Length)) && double.IsFinite(numbers.Norms[member]))) continue;
            active[member] = false;
            state.DivergedAt[member] = state.Step;
            observer?.OnDiverged(member, state.Step);
        }
    }

    private static GradientNoiseMeter MeterOf(HierarchicalVae vae, StackBatches batches, ITrainingStep steps, GradientNoiseOptions options, TrainingState state)
    {
        var networks = GradientSums.NetworksOf(vae.Parameters.Layout);
        state.Gradients ??= GradientTotals.None(networks, vae.Members.Count);
        if (!state.Gradients.IsOf(networks)) throw new OrnsteinException("the checkpoint holds gradients of other networks than this stack has.");
        return new(vae, batches, steps, options);
    }

    private static void Count(LongGradients counts, double[] norms, bool[] active, AdamOptions options, ITrainingObserver? observer, long step)
    {
        counts.Count(norms, active, options);
        for (var member = 0; member < norms.Length; member++)
        {
            if (active[member] && counts.BeginsToLast(member)) observer?.OnSkipping(member, step, norms[member]);
        }
    }

    // Of the next step.
    private static long EndOfEpoch(TrainingState state) => ((state.Step / state.StepsPerEpoch) + 1) * state.StepsPerEpoch;

    // Of the last step.
    private static int EpochOf(TrainingState state) => (int)((state.Step - 1) / state.StepsPerEpoch) + 1;

    private static void Accumulate(TrainingState state, double[] terms)
    {
        var members = state.DivergedAt.Length;
        for (var i = 0; i < terms.Length; i++) state.EpochSums[i / members][i % members] += terms[i];
        state.EpochSteps++;
    }

    private static double Loss(double[] terms, int member, int members)
    {
        var loss = 0.0;
        for (var i = member; i < terms.Length; i += members) loss += terms[i];
        return loss;
    }

    private static (double Lowest, double Highest) LossRange(double[] terms, bool[] active)
    {
        var (lowest, highest) = (double.NaN, double.NaN);
        for (var member = 0; member < active.Length; member++)
        {
            if (!active[member]) continue;
            var loss = Loss(terms, member, active.Length);
            lowest = loss >= lowest ? lowest : loss;
            highest = loss <= highest ? highest : loss;
        }

        return (lowest, highest);
    }

    // Of the averaged weights where an average is kept, as VDVAE does: they are what is measured in the end.
    private static ObjectiveMeans Validate(HierarchicalVae vae, Adam adam, DataRows validation)
    {
        using var average = adam.Average?.Lend();
        return Evaluator.Objectives(vae, validation, new EvaluationOptions(), CancellationToken.None);
    }

    private static double[][] KlWeights(HierarchicalVae vae, TrainingState state, long steps)
    {
        var last = new TrainingClock(state.Step, state.StepsPerEpoch, steps).OfLastStep;
        return [.. Enumerable.Range(0, vae.Options.Layers).Select(layer => vae.Members.Select((member, i) =>
            state.DivergedAt[i] is null ? member.Remedy.KlWeight(layer, last) : double.NaN).ToArray())];
    }

    private static EpochMetrics Metrics(TrainingState state, ObjectiveMeans? validation, int epoch, double learningRate, double speed, AdamOptions adam)
    {
        var members = state.DivergedAt.Length;
        double[] Valid(IEnumerable<double> values) =>
            [.. values.Select((value, member) => state.DivergedAt[member] is null ? value : double.NaN)];
        var means = state.EpochSums.Select(sums => Valid(sums.Select(sum => sum / state.EpochSteps))).ToArray();
        return new EpochMetrics
        {
            Epoch = epoch,
            Step = state.Step,
            LearningRate = learningRate,
            Loss = [.. Enumerable.Range(0, members).Select(member => means.Sum(part => part[member]))],
            Reconstruction = means[0],
            Kl = means[1..],
            Validation = validation is null ? null : Valid(Enumerable.Range(0, members).Select(member => -validation.SmoothedObjective(member))),
            ValidationKl = validation?.SmoothedKl.Select(layer => Valid(layer)).ToArray(),
            ValidationUnitKl = validation?.SmoothedUnitKl?.Select(layer => layer
                .Select((units, member) => state.DivergedAt[member] is null ? units : [.. units.Select(_ => double.NaN)]).ToArray()).ToArray(),
            ValidationKlParts = validation?.SmoothedKlParts is { } parts
                ? new KlPartMeans([.. parts.Scale.Select(Valid)], [.. parts.Bias.Select(Valid)], [.. parts.Variance.Select(Valid)])
                : null,
            ValidationElboLoss = validation is null ? null : Valid(Enumerable.Range(0, members).Select(member => -validation.Elbo(member))),
            Skipped = adam.SkipNorm is null ? null : [.. state.LongGradients!.SkippedInEpoch],
            Clipped = adam.ClipNorm is null ? null : [.. state.LongGradients!.ClippedInEpoch],
            GradientNorm = state.LongGradients is { } norms ? Valid(norms.TypicalNorms(state.EpochSteps)) : null,
            Gradients = state.Gradients is { Count: > 0 } gradients ? gradients.Means(Valid) : null,
            ImagesPerSecond = speed,
        };
    }
}
