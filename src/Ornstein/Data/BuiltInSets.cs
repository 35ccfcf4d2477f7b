using Ornstein.Data.Sources;

namespace Ornstein.Data;

/// <summary>The sets that come with the library; they use what one of your own can use.</summary>
internal static class BuiltInSets
{
    private static readonly ImageShape Square = new(28, 28);

    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<IDatasetSource> All { get; } =
    [
        new DigitsSource(),
        new PublishedSource(KnownSets.Mnist, new()
        {
            Name = "mnist",
            Summary = "handwritten digits, grey",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 60_000,
            TestCount = 10_000,
            Source = "Y. LeCun, C. Cortes, C. J. C. Burges",
            License = "CC BY-SA 3.0",
            HowToGet = "https, npm or a folder",
        }),
        new PublishedSource(KnownSets.FashionMnist, new()
        {
            Name = "fashion-mnist",
            Summary = "articles of clothing, grey",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 60_000,
            TestCount = 10_000,
            Source = "H. Xiao, K. Rasul, R. Vollgraf; Zalando SE",
            License = "MIT",
            HowToGet = "https, Debian's dataset-fashion-mnist or a folder",
        }),
        new PublishedSource(KnownSets.Omniglot, new()
        {
            Name = "omniglot",
            Summary = "characters of 50 alphabets by 20 drawers each, reduced to 28x28",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 1623 * 16,
            TestCount = 1623 * 4,
            Source = "B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum",
            License = "MIT",
            HowToGet = "https or a folder",
        }),
        new PublishedSource(KnownSets.OmniglotSmall, new()
        {
            Name = "omniglot-small",
            Summary = "its two small archives: 10 alphabets",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 242 * 16,
            TestCount = 242 * 4,
            Source = "B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum",
            License = "MIT",
            HowToGet = "https or a folder",
        }),
        new PublishedSource(KnownSets.Kmnist, new()
        {
            Name = "kmnist",
            Summary = "cursive Japanese characters, grey",
            Kind = PixelKind.Intensity,
            Shape = Square,
            TrainCount = 60_000,
            TestCount = 10_000,
            Source = "KMNIST Dataset (created by CODH), adapted from Kuzushiji Dataset (created by NIJL and others), doi:10.20676/00000341",
            License = "CC BY-SA 4.0",
            HowToGet = "https or a folder",
        }),
        new PublishedSource(KnownSets.Cifar10, new()
        {
            Name = "cifar10",
            Summary = "photographs of ten kinds of things, in colour",
            Kind = PixelKind.Intensity,
            Shape = new(32, 32, Channels: 3),
            TrainCount = 50_000,
            TestCount = 10_000,
            Source = "A. Krizhevsky",
            License = "not stated",
            HowToGet = "https or a folder",
        }),
        new PublishedSource(KnownSets.Svhn, new()
        {
            Name = "svhn",
            Summary = "house numbers cut to single digits, in colour",
            Kind = PixelKind.Intensity,
            Shape = new(32, 32, Channels: 3),
            TrainCount = 73_257,
            TestCount = 26_032,
            Source = "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng",
            License = "for research that is not commercial",
            HowToGet = "https or a folder",
        }),
        new GaussianSource(),
    ];

    private sealed record DigitsSource : IDatasetSource
    {
        public DatasetDescription Description { get; } = new()
        {
            Name = "digits",
            Summary = "handwritten digits, binarized once: a subset of MNIST",
            Kind = PixelKind.Binary,
            Shape = Square,
            TrainCount = DigitsData.TrainCount,
            TestCount = DigitsData.TestCount,
            Source = "Y. LeCun, C. Cortes, C. J. C. Burges",
            License = "CC BY-SA 3.0",
            HowToGet = "embedded",
            AlwaysPresent = true,
        };

        public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) => DigitsData.Load();
    }

    private sealed record GaussianSource : IDatasetSource
    {
        public DatasetDescription Description { get; } = new()
        {
            Name = "gaussian",
            Summary = "independent normal numbers of given variances, for exact results",
            Kind = PixelKind.Real,
            Shape = null,
            TrainCount = new DataOptions().GaussianTrain,
            TestCount = new DataOptions().GaussianTest,
            Source = "made from a seed",
            License = "none needed",
            HowToGet = "made",
            AlwaysPresent = true,
        };

        public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) => GaussianData.Make(options);
    }

    /// <summary>A set whose files are published, and pinned by their hashes.</summary>
    private sealed record PublishedSource(KnownSet Set, DatasetDescription Description) : IDatasetSource
    {
        public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) =>
            DatasetCatalog.LoadKnown(Set, new DataCache(options, progress), cancellation);

        public IReadOnlyList<string> Fetch(string? from, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) =>
            new DataCache(options, progress).Get(Set, from, cancellation);

        public string? FindFolder(DataOptions options) => new DataCache(options).Present(Set);
    }
}
