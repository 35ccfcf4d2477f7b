using Ornstein.Batching;
using Ornstein.Data;
using Ornstein.Experiments.Settings;
using Ornstein.Likelihoods;
using Ornstein.Models;

namespace Ornstein.Experiments.Runs;

/// <summary>The data of a run: training rows, validation rows held out of them, and test rows.</summary>
internal sealed class RunData : IDisposable
{
    // What was read and sorted on the way to so many, several times their size, is given back before anything is trained.
    private const long ManyNumbers = 1L << 26;

    private RunData()
    {
    }

    public required string Name { get; init; }

    public required ImageShape? Shape { get; init; }

    /// <summary>Shape of a datum as models see it: channels x height x width of images, else a vector.</summary>
    public Shape ModelShape => Shape is { } image ? new Shape(image.Channels, image.Height, image.Width) : Train.Features;

    public required ILikelihood Likelihood { get; init; }

    public required Binarization Binarization { get; init; }

    public required DataRows Train { get; init; }

    public required DataRows? Validation { get; init; }

    public required DataRows Test { get; init; }

    /// <summary>Class of every training row; null where the data have none.</summary>
    public required int[]? TrainLabels { get; init; }

    /// <summary>Class of every test row; null where the data have none.</summary>
    public required int[]? TestLabels { get; init; }

    /// <summary>Whether all training data are the same, before any pixels are drawn.</summary>
    public required bool IsTrainConstant { get; init; }

    /// <summary>Whether all test data are the same, before any pixels are drawn.</summary>
    public required bool IsTestConstant { get; init; }

    /// <summary>What tells these data, cut and binarized, from others.</summary>
    public required RunFingerprint Fingerprint { get; init; }

    /// <summary>What may mislead about them, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>
    /// Loads a data set and cuts it as the settings say: limits from the start of its parts, validation from its own part for that, or where it has
    /// none from the end of the training part.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="progress">Told how far fetching has come; null for nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="measured">Number of test data to measure on in the place of the settings' own; the fingerprint is of the settings' own.</param>
    public static RunData Load(RunSettings settings, IProgress<DataProgress>? progress, CancellationToken cancellation, int? measured = null)
    {
        var data = Cut(settings, measured, progress, cancellation);
        if ((long)data.Train.Count * data.Train.Features >= ManyNumbers) GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return data;
    }

    private static RunData Cut(RunSettings settings, int? measured, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var dataset = DatasetCatalog.Load(settings.Data, OptionsOf(settings), progress, cancellation);
        var likelihood = LikelihoodOf(settings, dataset);
        if (likelihood is not GaussianLikelihood) settings.RequireNoVariance($"data '{settings.Data}'", likelihood.Name);
        var binarization = BinarizationOf(settings, dataset.Kind, likelihood);
        if (settings.TestBinarization == TestBinarizationChoice.Anew && binarization != Binarization.Dynamic) throw NothingToDraw(settings, binarization);
        long? testSeed = settings.TestBinarization == TestBinarizationChoice.Anew ? settings.Seeds[0] : null;
        var held = dataset.Validation is null ? Math.Min(settings.Validation, dataset.Train.Count / 10) : 0;
        var train = Math.Min(settings.TrainLimit ?? int.MaxValue, dataset.Train.Count - held);
        var test = Math.Min(settings.TestLimit ?? int.MaxValue, dataset.Test.Count);
        if (test == 0) throw new OrnsteinException($"data '{dataset.Name}' have no test part to measure on.");
        var trainRows = Rows(dataset, dataset.Train, 0, train, binarization, training: true);
        var (part, first, count) = dataset.Validation is { } own
            ? (own, 0, Math.Min(settings.Validation, own.Count))
            : (dataset.Train, dataset.Train.Count - held, held);
        var validation = count == 0 ? null : Rows(dataset, part, first, count, binarization, training: false);
        var testRows = Rows(dataset, dataset.Test, 0, test, binarization, training: false, testSeed);
        if (likelihood.Misfit(trainRows.Range()) is { } misfit) throw UsageError.Because($"--likelihood {likelihood.Name} does not fit data '{settings.Data}': {misfit}");
        var fingerprint = RunFingerprint.Of(trainRows, validation, testRows, dataset.Train.Labels?[..train], dataset.Test.Labels?[..test]);
        if (measured is { } asked && Math.Min(asked, dataset.Test.Count) is var other && other != test)
        {
            testRows.Dispose();
            (test, testRows) = (other, Rows(dataset, dataset.Test, 0, other, binarization, training: false, testSeed));
        }

        return new RunData
        {
            Name = settings.Data,
            Shape = dataset.Shape,
            Likelihood = likelihood,
            Binarization = binarization,
            Train = trainRows,
            Validation = validation,
            Test = testRows,
            TrainLabels = dataset.Train.Labels?[..train],
            TestLabels = dataset.Test.Labels?[..test],
            IsTrainConstant = dataset.Train.IsConstant(),
            IsTestConstant = dataset.Test.IsConstant(),
            Fingerprint = fingerprint,
            Warnings = [.. dataset.Warnings, .. Constant(dataset)],
        };
    }

    /// <summary>How the settings read a data set.</summary>
    public static DataOptions OptionsOf(RunSettings settings) => new()
    {
        Eigenvalues = settings.Eigenvalues, Scale = settings.Scale, Background = settings.Background, Colour = settings.Colour, ImageSize = settings.ImageSize,
    };

    /// <summary>The settings with every <c>auto</c> replaced by what it came to, so that a stored run says what it did.</summary>
    public RunSettings Resolve(RunSettings settings) => settings with
    {
        Likelihood = new LikelihoodEntry(Likelihood.Name),
        Binarization = Binarization switch
        {
            Binarization.Dynamic => BinarizationChoice.Dynamic,
            Binarization.Static => BinarizationChoice.Static,
            Binarization.Threshold => BinarizationChoice.Threshold,
            _ => BinarizationChoice.None,
        },
        Threads = RunThreads.Count,
        Data = PathOf(settings.Data),
        StartFrom = StartingWeights.PathOf(settings.StartFrom),
        Out = null,
    };

    /// <summary>
    /// A data set's name, or the full path of a folder, which still holds when a run is resumed from elsewhere. A name that another program registers
    /// stays what it is.
    /// </summary>
    public static string PathOf(string data) =>
        DatasetCatalog.IsKnown(data) || (DatasetCatalog.IsName(data) && !Directory.Exists(data)) ? data : Path.GetFullPath(data);

    public void Dispose()
    {
        Train.Dispose();
        Validation?.Dispose();
        Test.Dispose();
    }

    /// <summary>That a part's data are all the same, before any pixels are drawn.</summary>
    internal static IEnumerable<string> Constant(Dataset dataset)
    {
        foreach (var (part, name) in new[] { (dataset.Train, "training"), (dataset.Test, "test") })
        {
            if (!part.IsConstant()) continue;
            var flat = part.Bytes is { } bytes && !bytes.AsSpan().ContainsAnyExcept(bytes[0]) ? $" ({bytes[0]} in every pixel)" : "";
            var opaque = dataset.HasTransparency ? "; they are transparent in part and lie on --background, white or black" : "";
            yield return $"all {part.Count} {name} data are the same{flat}: there is nothing in them to learn or to measure{opaque}";
        }
    }

    private static ILikelihood LikelihoodOf(RunSettings settings, Dataset data)
    {
        var kind = data.Kind;
        if (settings.Likelihood == LikelihoodEntry.Auto)
        {
            return kind == PixelKind.Real || data.Shape?.Channels > 1 || (kind == PixelKind.Intensity && settings.Binarization == BinarizationChoice.None)
                ? RunPlan.Gaussian(settings) : new BernoulliLikelihood();
        }

        if (settings.Likelihood == LikelihoodEntry.Bernoulli && kind == PixelKind.Real)
            throw UsageError.Because($"--likelihood bernoulli needs pixels, and data '{settings.Data}' are real numbers; give --likelihood gaussian");
        if (settings.Likelihood == LikelihoodEntry.Gaussian) return RunPlan.Gaussian(settings);
        var named = Likelihoods.Likelihood.Named(settings.Likelihood.Name);
        if (named.Channels is { } channels && data.Shape?.Channels != channels)
        {
            var are = data.Shape is { } shape ? $"have {(shape.Channels == 1 ? "one" : $"{shape.Channels}")}" : "are no images";
            throw UsageError.Because($"--likelihood {named.Name} is of images with {channels} channels, and data '{settings.Data}' {are}; give another, such as logistic-mixture");
        }

        return named;
    }

    private static Binarization BinarizationOf(RunSettings settings, PixelKind kind, ILikelihood likelihood) => settings.Binarization switch
    {
        BinarizationChoice.None => Binarization.None,
        not BinarizationChoice.Auto when kind == PixelKind.Real =>
            throw UsageError.Because($"--binarization needs pixels, and data '{settings.Data}' are real numbers; leave it out"),
        BinarizationChoice.Dynamic => Binarization.Dynamic,
        BinarizationChoice.Static => Binarization.Static,
        BinarizationChoice.Threshold => Binarization.Threshold,
        _ => kind == PixelKind.Intensity && likelihood is BernoulliLikelihood ? Binarization.Dynamic : Binarization.None,
    };

    private static OrnsteinException NothingToDraw(RunSettings settings, Binarization binarization) => UsageError.Because(
        $"--test-binarization anew draws the pixels of test images, and {(binarization == Binarization.Static ? "with --binarization static they are part of the data" : $"those of '{settings.Data}' are not drawn here")}; "
        + "give --test-binarization once, or --binarization dynamic");

    private static DataRows Rows(Dataset dataset, DataSplit split, int start, int count, Binarization binarization, bool training, long? seed = null)
    {
        var (from, length, channels) = (start * split.Features, count * split.Features, dataset.Shape?.Channels ?? 1);
        return split.Bytes is { } bytes
            ? DataRows.FromPixels(bytes.AsSpan(from, length), split.Features, binarization, training, channels, seed)
            : DataRows.FromReals(split.Reals!.AsSpan(from, length), split.Features, channels);
    }
}
