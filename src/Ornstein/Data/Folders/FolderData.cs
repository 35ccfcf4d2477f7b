using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>Data in a folder of the user: IDX files, those of OMNIGLOT, CIFAR-10 or SVHN, or pictures; also in the single folder within it that holds any.</summary>
internal static class FolderData
{
    private const int MostWrappers = 3;
    private const string Pictures = "pictures";

    private static readonly Kind[] _kinds =
    [
        new("IDX files", scan => IdxFolder.Has(scan.Path), (place, request) => IdxFolder.TryLoad(place.Path, request.Folder, Attribution("Files", request), request.Options)!)
        {
            IsGrey = true, TakesScale = true,
        },
        new("files of OMNIGLOT", scan => OmniglotData.Has(scan.Path), (place, request) => OmniglotData.TryLoad(place.Path, request.Folder, request.Cancellation)!) { IsGrey = true },
        new("CIFAR-10's binary files", scan => CifarFolder.Has(scan.Path), (place, request) => CifarFolder.TryLoad(place.Path, request.Folder, Attribution("Files", request))!),
        new("SVHN's files", scan => SvhnFolder.Has(scan.Path), (place, request) => SvhnFolder.TryLoad(place.Path, request.Folder, Attribution("Files", request))!),
        new(Pictures, HasPictures, (place, request) => PictureFolder.TryLoad(place, request.Folder, Attribution("Images", request), request.Options, request.Progress, request.Cancellation)!),
    ];

    private const string Right =
        "IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, each also as .gz), "
        + "chardata.mat or images_background.zip of OMNIGLOT, CIFAR-10's data_batch_1.bin and test_batch.bin, SVHN's train_32x32.mat and test_32x32.mat, or PNG or JPEG pictures (directly, in a folder per class, or either of these in train/ and test/)";

    /// <summary>Reads a folder.</summary>
    /// <exception cref="OrnsteinException">It holds nothing that is recognised, or something that contradicts itself.</exception>
    public static Dataset Load(string folder, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var place = Enter(FolderScan.Of(folder)) ?? throw new OrnsteinException(
            $"The folder {folder} holds no data that is recognised. Seen: {FolderWords.Seen(FolderScan.Of(folder))}. Right would be {Right}.");
        if (options.ImageSize is { } size && SizedImages.WhyNoSize(size) is { } reason) throw new OrnsteinException(reason);
        var kind = Array.Find(_kinds, kind => kind.Has(place))!;
        // Grey of what is grey: runs that are older than the option have it in their settings.
        if (kind.Name != Pictures && options.Colour != PixelColour.Auto && !(kind.IsGrey && options.Colour == PixelColour.Grey))
            throw new OrnsteinException($"The folder {folder} holds {kind.Name}, whose colours are known: leave out --colour, which is for pictures.");
        if (kind.Name == Pictures) PictureParts.RequireOpen(place);
        var dataset = kind.Load(place, new Request(folder, options, progress, cancellation));
        if (kind.Name != Pictures) dataset = SizedImages.Of(dataset, options.ImageSize, cancellation);
        // Of all that lies in the folder that was named, also beside the one that was entered.
        string?[] more = [FolderWords.PassedOver(FolderScan.Of(folder), dataset.Files), Repeated(dataset), Unused(kind, options)];
        return dataset with { Warnings = [.. dataset.Warnings, .. more.OfType<string>()] };
    }

    /// <summary>The folder itself where it holds data, or the only one within it that does, and so on.</summary>
    private static FolderScan? Enter(FolderScan scan)
    {
        for (var depth = 0; ; depth++)
        {
            if (Holds(scan)) return scan;
            FolderScan[] within = [.. scan.Folders.Where(folder => HoldsWithin(folder, MostWrappers - depth))];
            if (within.Length > 1)
            {
                throw new OrnsteinException(
                    $"The folder {scan.Path} holds several data sets, or classes within folders that are no classes ({FolderWords.Seen(scan)}): name one of "
                    + $"{FolderWords.List(within.Select(folder => folder.Name + "/"))}, or put the pictures of a class directly into its folder.");
            }

            if (within.Length == 0 || depth == MostWrappers) return null;
            scan = FolderScan.Of(within[0].Path);
        }
    }

    private static bool HoldsWithin(FolderScan scan, int depth) =>
        Holds(scan) || (depth > 0 && FolderScan.Of(scan.Path).Folders.Any(folder => HoldsWithin(folder, depth - 1)));

    private static bool Holds(FolderScan scan)
    {
        string[] kinds = [.. _kinds.Where(kind => kind.Has(scan)).Select(kind => kind.Name)];
        if (kinds.Length < 2) return kinds.Length == 1;
        throw new OrnsteinException(
            $"The folder {scan.Path} holds {string.Join(" beside ", kinds)} ({FolderWords.Seen(scan)}), and only one can be meant: move the others elsewhere.");
    }

    // A single folder of pictures is no class but a folder around them.
    private static bool HasPictures(FolderScan scan)
    {
        if (PictureParts.Of(scan) is null) return false;
        if (CelebaParts.Has(scan)) return true;
        FolderScan[] holders = [.. scan.Folders.Where(folder => folder.PictureCount > 0)];
        return scan.Pictures.Count > 0 || holders.Length > 1 || PictureParts.IsPart(holders[0]);
    }

    private static string? Unused(Kind kind, DataOptions options)
    {
        if (kind.Name == Pictures) return null;
        var scale = !kind.TakesScale && options.Scale != PixelScale.Auto ? $"--scale is not used: {kind.Name} have a scale of their own" : null;
        var background = options.Background != PixelBackground.White ? $"--background is not used: {kind.Name} have no transparency" : null;
        return scale is not null && background is not null ? $"{scale}; {background}" : scale ?? background;
    }

    // Data that are both trained and tested on make every held-out number too good.
    private static string? Repeated(Dataset dataset)
    {
        if (dataset.Train.IsConstant()) return null; // that is said of its own
        var trained = Rows(dataset.Train).ToHashSet();
        var repeated = Rows(dataset.Test).Count(trained.Contains);
        if (repeated == 0) return null;
        return repeated == dataset.Test.Count
            ? "every datum of the test part is in the training part as well: nothing is held out"
            : FormattableString.Invariant($"{repeated} of the {dataset.Test.Count} test data are in the training part as well");
    }

    private static IEnumerable<UInt128> Rows(DataSplit part) => Enumerable.Range(0, part.Count).Select(row =>
        MemoryMarshal.Read<UInt128>(SHA256.HashData(part.Bytes!.AsSpan(row * part.Features, part.Features))));

    private static string Attribution(string what, Request request) => $"{what} of {request.Folder}; licence unknown";

    /// <summary>What a folder may hold.</summary>
    private sealed record Kind(string Name, Func<FolderScan, bool> Has, Func<FolderScan, Request, Dataset> Load)
    {
        /// <summary>Whether they have one channel.</summary>
        public bool IsGrey { get; init; }

        /// <summary>Whether it may be said what their largest level means.</summary>
        public bool TakesScale { get; init; }
    }

    /// <summary>What was asked for.</summary>
    private sealed record Request(string Folder, DataOptions Options, IProgress<DataProgress>? Progress, CancellationToken Cancellation);
}
