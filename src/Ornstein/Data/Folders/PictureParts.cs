namespace Ornstein.Data.Folders;

/// <summary>A picture and the class folder it lies in; null for none.</summary>
internal sealed record Picture(string Path, string? Class);

/// <summary>
/// Which pictures of a folder are to train on, which for the curves during training, and which to test on. The folders <c>train</c>,
/// <c>val</c> and <c>test</c>, also spelt in full and in any case, are parts; all other folders are classes. <c>val</c> is to test on where there
/// is no <c>test</c>. Without a part to test on, the last tenth of each class by name is.
/// </summary>
internal sealed record PictureParts(IReadOnlyList<Picture> Train, IReadOnlyList<Picture> Validation, IReadOnlyList<Picture> Test)
{
    private static readonly string[] _endings = ["set", "images", "imgs", "pictures", "data"];

    private enum Part
    {
        Train,
        Validation,
        Test,
    }

    /// <summary>All pictures, part by part.</summary>
    public IEnumerable<Picture> All => Train.Concat(Validation).Concat(Test);

    /// <summary>What may mislead about the choice.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>The parts of a folder; null where it holds no pictures at these places.</summary>
    /// <exception cref="OrnsteinException">What is there can be read in more than one way.</exception>
    public static PictureParts? Of(FolderScan scan)
    {
        if (CelebaParts.TryOf(scan) is { } listed) return listed;
        var named = scan.Folders.Select(folder => (Part: PartOf(folder.Name), Folder: folder)).Where(entry => entry.Part is not null && entry.Folder.PictureCount > 0).ToArray();
        if (named.Length > 0) return OfParts(scan, [.. named.Select(entry => (entry.Part!.Value, entry.Folder))]);
        var inner = scan.Folders.SelectMany(@class => @class.Folders.Where(part => PartOf(part.Name) is not null && part.Pictures.Count > 0)
            .Select(part => (Part: PartOf(part.Name)!.Value, Pictures: part.Pictures.Select(file => new Picture(file, @class.Name))))).ToArray();
        if (inner.Length > 0) return OfInner(scan, inner);
        var pictures = PicturesOf(scan);
        if (pictures.Length == 0) return null;
        // In classes the last of each stand for all; without, names may be in the order of what is in the pictures.
        return pictures.Any(picture => picture.Class is not null) ? HoldOut(pictures) : HoldOut(pictures) with
        {
            Warnings = ["there are neither parts nor classes: the last tenth of the pictures, by name, is to test on and not to train on; put others into test/ if names are in an order that matters"],
        };
    }

    /// <summary>Whether a folder's name is that of a part.</summary>
    public static bool IsPart(FolderScan folder) => PartOf(folder.Name) is not null;

    /// <summary>Throws where a folder that cannot be read may be a part or a class of what is read.</summary>
    public static void RequireOpen(FolderScan scan)
    {
        string[] closed = [.. scan.All.SelectMany(folder => folder.Closed.Where(name => PartOf(name) is not null || folder.Folders.Any(beside => beside.PictureCount > 0)).Select(name => $"{folder.Shown}{name}/"))];
        if (closed.Length > 0) throw new OrnsteinException($"The folder {scan.Path} has folders that cannot be read ({FolderWords.List(closed)}): make them readable, or move them elsewhere.");
    }

    private static Part? PartOf(string name) => Bare(name) switch
    {
        "train" or "training" => Part.Train,
        "val" or "valid" or "validation" => Part.Validation,
        "test" or "testing" => Part.Test,
        _ => null,
    };

    // Of train_images, test-set and the like, what comes before.
    private static string Bare(string name)
    {
        var bare = name.Trim().ToLowerInvariant();
        var ending = Array.Find(_endings, ending => bare.EndsWith(ending, StringComparison.Ordinal)) ?? "";
        return bare[..^ending.Length].TrimEnd('_', '-', ' ');
    }

    private static PictureParts OfParts(FolderScan scan, (Part Part, FolderScan Folder)[] named)
    {
        foreach (var twice in named.GroupBy(entry => entry.Part).Where(group => group.Count() > 1))
            throw Unclear(scan, $"{FolderWords.List(twice.Select(entry => entry.Folder.Shown))} are the same part: keep one of them");
        Picture[]? Find(Part part) => named.Where(entry => entry.Part == part).Select(entry => PicturesOf(entry.Folder)).FirstOrDefault();
        var (train, validation, test) = (Find(Part.Train), Find(Part.Validation), Find(Part.Test));
        var others = scan.PictureCount - named.Sum(entry => entry.Folder.PictureCount);
        foreach (var (part, folder) in named)
        {
            if (Find(part) is []) throw TooDeep(folder, Deeper(folder));
        }

        if (others > 0 && named.Length == 1)
            throw Unclear(scan, $"{named[0].Folder.Shown} may be a part or a class: put all pictures into train/ and test/, or give the class another name");
        return Assemble(scan, train, validation, test);
    }

    private static PictureParts OfInner(FolderScan scan, (Part Part, IEnumerable<Picture> Pictures)[] inner)
    {
        if (scan.Pictures.Count > 0 || scan.Folders.Any(folder => folder.Pictures.Count > 0))
            throw Unclear(scan, "some pictures lie in parts of their class and some do not: put all into train/CLASS/ and test/CLASS/");
        Picture[]? Find(Part part) => inner.Where(entry => entry.Part == part).SelectMany(entry => entry.Pictures).ToArray() is { Length: > 0 } some ? some : null;
        return Assemble(scan, Find(Part.Train), Find(Part.Validation), Find(Part.Test));
    }

    private static PictureParts Assemble(
        FolderScan scan, IReadOnlyList<Picture>? train, IReadOnlyList<Picture>? validation, IReadOnlyList<Picture>? test)
    {
        if (train is null or { Count: 0 }) throw Unclear(scan, "there are none to train on: put those into train/");
        if (test is null && validation is null)
            return HoldOut(train) with { Warnings = ["there is no test part beside train/: the last tenth of it, of each class, is to test on and not to train on"] };
        return test is not null
            ? new(train, validation ?? [], test)
            : new(train, [], validation!) { Warnings = ["there is no test/: the pictures of the validation folder are to test on"] };
    }

    /// <summary>The pictures of one part, directly in it or in class folders.</summary>
    private static Picture[] PicturesOf(FolderScan scan)
    {
        Picture[] inClasses = [.. scan.Folders.SelectMany(@class => @class.Pictures.Select(file => new Picture(file, @class.Name)))];
        if (scan.Pictures.Count > 0 && inClasses.Length > 0)
            throw new OrnsteinException($"The folder {scan.Path} has pictures both directly and in class folders: use one of the two.");
        if (inClasses.Length > 0 && Deeper(scan) is { Length: > 0 } deeper) throw TooDeep(scan, deeper);
        return scan.Pictures.Count > 0 ? [.. scan.Pictures.Select(file => new Picture(file, null))] : inClasses;
    }

    // Class folders whose pictures all lie in folders of their own.
    private static FolderScan[] Deeper(FolderScan scan) => [.. scan.Folders.Where(folder => folder.Pictures.Count == 0 && folder.PictureCount > 0)];

    private static OrnsteinException TooDeep(FolderScan scan, FolderScan[] deeper) => new(
        $"The folder {scan.Path} has class folders whose pictures lie deeper ({FolderWords.List(deeper.Select(folder => folder.Name + "/"))}): put the pictures of a class directly into its folder.");

    private static PictureParts HoldOut(IReadOnlyList<Picture> pictures)
    {
        List<Picture> train = [], test = [];
        foreach (var group in pictures.GroupBy(picture => picture.Class, StringComparer.Ordinal))
        {
            Picture[] items = [.. group];
            var held = items.Length < 2 ? 0 : Math.Max(1, items.Length / 10);
            train.AddRange(items[..^held]);
            test.AddRange(items[^held..]);
        }

        return new(train, [], test);
    }

    private static OrnsteinException Unclear(FolderScan scan, string why) =>
        new($"The folder {scan.Path} cannot be told apart into pictures to train and to test on ({FolderWords.Seen(scan)}): {why}.");
}
