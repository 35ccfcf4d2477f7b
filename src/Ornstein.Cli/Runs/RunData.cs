using Ornstein.Batching;
using Ornstein.Cli.Settings;
using Ornstein.Data;
using Ornstein.Models;

namespace Ornstein.Cli.Runs;

/// <summary>The data of a run: training rows, validation rows held out of them, and test rows.</summary>
internal sealed class RunData : IDisposable
{
    private RunData()
    {
    }

    public required string Name { get; init; }

    public required ImageShape? Shape { get; init; }

    public required Likelihood Likelihood { get; init; }

    public required Binarization Binarization { get; init; }

    public required DataRows Train { get; init; }

    public required DataRows? Validation { get; init; }

    public required DataRows Test { get; init; }

    /// <summary>Class of every training row; null where the data have none.</summary>
    public required int[]? TrainLabels { get; init; }

    /// <summary>Class of every test row; null where the data have none.</summary>
    public required int[]? TestLabels { get; init; }

    /// <summary>Loads a data set and cuts it as the settings say: validation from the end of the training part, limits from its start.</summary>
    public static RunData Load(RunSettings settings, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var options = new DataOptions { Eigenvalues = settings.Eigenvalues };
        var dataset = DatasetCatalog.Load(settings.Data, options, progress, cancellation);
        var likelihood = LikelihoodOf(settings, dataset.Kind);
        if (likelihood == Likelihood.Bernoulli && settings.DecoderSigma != DecoderScale.Fixed)
            throw settings.SigmaNeedsGaussian($"data '{settings.Data}'");
        var binarization = BinarizationOf(settings, dataset.Kind, likelihood);
        var validation = Math.Min(settings.Validation, dataset.Train.Count / 10);
        var train = Math.Min(settings.TrainLimit ?? int.MaxValue, dataset.Train.Count - validation);
        var test = Math.Min(settings.TestLimit ?? int.MaxValue, dataset.Test.Count);
        if (test == 0) throw new OrnsteinException($"data '{dataset.Name}' have no test part to measure on.");
        return new RunData
        {
            Name = settings.Data,
            Shape = dataset.Shape,
            Likelihood = likelihood,
            Binarization = binarization,
            Train = Rows(dataset.Train, 0, train, binarization, training: true),
            Validation = validation == 0 ? null : Rows(dataset.Train, dataset.Train.Count - validation, validation, binarization, training: false),
            Test = Rows(dataset.Test, 0, test, binarization, training: false),
            TrainLabels = dataset.Train.Labels?[..train],
            TestLabels = dataset.Test.Labels?[..test],
        };
    }

    /// <summary>The settings with every <c>auto</c> replaced by what it came to, so that a stored run says what it did.</summary>
    public RunSettings Resolve(RunSettings settings) => settings with
    {
        Likelihood = Likelihood == Likelihood.Bernoulli ? LikelihoodChoice.Bernoulli : LikelihoodChoice.Gaussian,
        Binarization = Binarization switch
        {
            Binarization.Dynamic => BinarizationChoice.Dynamic,
            Binarization.Static => BinarizationChoice.Static,
            Binarization.Threshold => BinarizationChoice.Threshold,
            _ => BinarizationChoice.None,
        },
        Threads = RunThreads.Count,
        // A path given relative to where the run was started still holds when it is resumed from elsewhere.
        Data = DatasetCatalog.All.Any(set => set.Name == settings.Data) ? settings.Data : Path.GetFullPath(settings.Data),
        Out = null,
    };

    public void Dispose()
    {
        Train.Dispose();
        Validation?.Dispose();
        Test.Dispose();
    }

    private static Likelihood LikelihoodOf(RunSettings settings, PixelKind kind) => settings.Likelihood switch
    {
        LikelihoodChoice.Gaussian => Likelihood.Gaussian,
        LikelihoodChoice.Bernoulli when kind == PixelKind.Real =>
            throw UsageError.Because($"--likelihood bernoulli needs pixels, and data '{settings.Data}' are real numbers; give --likelihood gaussian"),
        LikelihoodChoice.Bernoulli => Likelihood.Bernoulli,
        _ => kind == PixelKind.Real || (kind == PixelKind.Intensity && settings.Binarization == BinarizationChoice.None)
            ? Likelihood.Gaussian
            : Likelihood.Bernoulli,
    };

    private static Binarization BinarizationOf(RunSettings settings, PixelKind kind, Likelihood likelihood) => settings.Binarization switch
    {
        BinarizationChoice.None => Binarization.None,
        not BinarizationChoice.Auto when kind == PixelKind.Real =>
            throw UsageError.Because($"--binarization needs pixels, and data '{settings.Data}' are real numbers; leave it out"),
        BinarizationChoice.Dynamic => Binarization.Dynamic,
        BinarizationChoice.Static => Binarization.Static,
        BinarizationChoice.Threshold => Binarization.Threshold,
        _ => kind == PixelKind.Intensity && likelihood == Likelihood.Bernoulli ? Binarization.Dynamic : Binarization.None,
    };

    private static DataRows Rows(DataSplit split, int start, int count, Binarization binarization, bool training)
    {
        var (from, length) = (start * split.Features, count * split.Features);
        return split.Bytes is { } bytes
            ? DataRows.FromPixels(bytes.AsSpan(from, length).ToArray(), split.Features, binarization, training)
            : DataRows.FromReals(split.Reals!.AsSpan(from, length).ToArray(), split.Features);
    }
}
