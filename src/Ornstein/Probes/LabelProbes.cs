using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using static TorchSharp.torch;

namespace Ornstein.Probes;

/// <summary>How well labels can be read from each layer: fitted to a sample of q for each training datum, measured on one for each held-out datum.</summary>
public static class LabelProbes
{
    /// <summary>Accuracies of every layer, [members][layers], z1 first; null for a member that is left out.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="train">Data that probes are fitted to.</param>
    /// <param name="test">Held-out data.</param>
    /// <param name="members">Which members to measure.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told how far it is; null for nobody.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A setting is out of range, or <see cref="ReasonAgainst"/> has one.</exception>
    public static LayerProbes[]?[] Of(
        HierarchicalVae vae, LabelledRows train, LabelledRows test, IReadOnlyList<int> members, ProbeOptions options,
        IProgress<MeasurementProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vae);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (ReasonAgainst(train.Labels, test.Labels, options) is { } reason) throw new OrnsteinException($"there are no probes: {reason}.");
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(options.Seed).At("probes");
        var labels = train.Labels[..Math.Min(options.Data, train.Labels.Length)];
        var fitted = PosteriorSamples.Of(vae, train.Rows, labels.Length, key.At("train"), stop);
        var measured = PosteriorSamples.Of(vae, test.Rows, test.Labels.Length, key.At("test"), stop);
        var result = new LayerProbes[]?[vae.Members.Count];
        var part = new MeasuredPart(progress, "label probes", (long)members.Count * vae.Options.Layers);
        foreach (var member in members)
        {
            result[member] = [.. fitted.Select((layer, i) =>
            {
                stop.ThrowIfCancellationRequested();
                using var layerScope = NewDisposeScope();
                var (from, to) = (layer[member], measured[i][member]);
                var probes = new LayerProbes(
                    Accuracy(NearestNeighbours.Classify(from, labels, to, options.Neighbours, stop), test.Labels),
                    Accuracy(RidgeClassifier.Fit(from, labels, options.Penalty).Classify(to), test.Labels));
                part.Advance();
                return probes;
            })];
        }

        return result;
    }

    /// <summary>Why there is nothing to read from labels; null where there is.</summary>
    /// <param name="train">Class of every training datum; null where they have none.</param>
    /// <param name="test">Class of every held-out datum; null where they have none.</param>
    /// <param name="options">How many training data there are probes of.</param>
    public static string? ReasonAgainst(int[]? train, int[]? test, ProbeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (train is null && test is null) return "the data have no labels";
        if (train is null) return "the test data have labels and the training data have none";
        if (test is null) return "the training data have labels and the test data have none";
        var used = train.AsSpan(0, Math.Min(options.Data, train.Length)).ToArray();
        if (NegativeIn(used) is { } inTraining) return $"a training datum has the label {inTraining}, and classes are numbered from 0";
        if (NegativeIn(test) is { } inTest) return $"a test datum has the label {inTest}, and classes are numbered from 0";
        if (used.Distinct().Count() < 2) return $"the {used.Length} training data that probes would be fitted to are not of two classes or more";
        return test.Any(used.ToHashSet().Contains) ? null : "none of the test data is of a class that is trained on";
    }

    /// <summary>Accuracy of always naming the most frequent class of the training data: what a code without content gives.</summary>
    /// <param name="train">Class of every training datum, from 0.</param>
    /// <param name="test">Class of every held-out datum, from 0.</param>
    /// <exception cref="OrnsteinException">A label is negative.</exception>
    public static Estimate Chance(int[] train, int[] test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if ((NegativeIn(train) ?? NegativeIn(test)) is { } negative)
            throw new OrnsteinException($"a datum has the label {negative}; classes are numbered from 0.");
        var most = train.CountBy(label => label).MaxBy(pair => pair.Value).Key;
        return Accuracy([.. test.Select(_ => most)], test);
    }

    private static Estimate Accuracy(int[] answers, int[] labels)
    {
        var share = answers.Zip(labels).Count(pair => pair.First == pair.Second) / (double)labels.Length;
        return new Estimate(share, labels.Length < 2 ? double.NaN : Math.Sqrt(share * (1 - share) / labels.Length));
    }

    private static int? NegativeIn(int[] labels) => Array.Exists(labels, label => label < 0) ? Array.Find(labels, label => label < 0) : null;
}
