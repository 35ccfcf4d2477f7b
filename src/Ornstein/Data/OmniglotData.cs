using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Ornstein.Data.Formats;

namespace Ornstein.Data;

/// <summary>OMNIGLOT, from its archives of drawings (105x105) or from the 28x28 <c>chardata.mat</c> of the literature.</summary>
internal static partial class OmniglotData
{
    public const string MatFile = "chardata.mat";
    private const string Attribution = "OMNIGLOT (Lake, Salakhutdinov and Tenenbaum 2015, github.com/brendenlake/omniglot); MIT licence";
    private const int LastTrainDrawer = 16, Drawers = 20;
    private const int MaxEntries = 100_000, MaxEntryBytes = 1 << 16, MaxSide = 256;
    private static readonly ImageShape Shape = new(28, 28);

    /// <summary>The archives by name; the small ones are parts of the first.</summary>
    public static IReadOnlyList<string> ArchiveNames { get; } =
        ["images_background.zip", "images_evaluation.zip", "images_background_small1.zip", "images_background_small2.zip"];

    /// <summary>Whether a folder holds any of them.</summary>
    public static bool Has(string folder) => ArchiveNames.Append(MatFile).Any(file => File.Exists(Path.Combine(folder, file)));

    /// <summary>Whatever of OMNIGLOT a folder holds, <c>chardata.mat</c> before archives; null for nothing.</summary>
    public static Dataset? TryLoad(string folder, string name, CancellationToken cancellation)
    {
        var mat = Path.Combine(folder, MatFile);
        if (File.Exists(mat)) return FromMat(mat, name);
        var archives = ArchiveNames.Select(a => Path.Combine(folder, a)).Where(File.Exists).ToArray();
        return archives.Length == 0 ? null : FromArchives(archives, name, cancellation);
    }

    /// <summary>
    /// Drawers 1 to 16 of every alphabet to train on, 17 to 20 to test on: no drawer of an alphabet is in both. A drawing that is in
    /// several archives counts once.
    /// </summary>
    public static Dataset FromArchives(IReadOnlyList<string> archives, string name, CancellationToken cancellation)
    {
        var drawings = new SortedDictionary<(string Character, int Drawer), byte[]>(
            Comparer<(string Character, int Drawer)>.Create(static (a, b) =>
                string.CompareOrdinal(a.Character, b.Character) is var c && c != 0 ? c : a.Drawer.CompareTo(b.Drawer)));
        foreach (var archive in archives)
        {
            var before = drawings.Count;
            Reading.Guard(archive, () => ReadArchive(archive, drawings, cancellation));
            if (before == 0 && drawings.Count == 0)
                throw new OrnsteinException($"{archive} holds no drawings named ALPHABET/characterNN/NNNN_DD.png.");
        }

        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (character, _) in drawings.Keys) classes.TryAdd(character, classes.Count);
        var train = Part(drawings.Where(d => d.Key.Drawer <= LastTrainDrawer), classes);
        var test = Part(drawings.Where(d => d.Key.Drawer > LastTrainDrawer), classes);
        if (train.Count == 0 || test.Count == 0)
        {
            throw new OrnsteinException(
                $"{archives[0]} has no drawings of drawers 1 to {LastTrainDrawer} to train on, or none of {LastTrainDrawer + 1} to "
                + $"{Drawers} to test on.");
        }

        return Make(name, train, test, archives);
    }

    /// <summary>The split that the file brings.</summary>
    public static Dataset FromMat(string path, string name) => Reading.Guard(path, () =>
    {
        var matrices = MatReader.Read(path, ["data", "target", "targetchar", "testdata", "testtarget", "testtargetchar"]);
        var (train, test) = (MatImages(matrices, "data"), MatImages(matrices, "testdata"));
        var trainKeys = MatClasses(matrices, "target", "targetchar", train.Length / Pixels);
        var testKeys = MatClasses(matrices, "testtarget", "testtargetchar", test.Length / Pixels);
        if (trainKeys is null || testKeys is null)
            return Make(name, DataSplit.FromBytes(train, Pixels), DataSplit.FromBytes(test, Pixels), [path]);
        var classes = trainKeys.Concat(testKeys).Distinct().Order().Index().ToDictionary(k => k.Item, k => k.Index);
        return Make(
            name,
            DataSplit.FromBytes(train, Pixels, Array.ConvertAll(trainKeys, k => classes[k])),
            DataSplit.FromBytes(test, Pixels, Array.ConvertAll(testKeys, k => classes[k])),
            [path]);
    });

    private static int Pixels => Shape.Height * Shape.Width;

    private static Dataset Make(string name, DataSplit train, DataSplit test, IReadOnlyList<string> files) => new()
    {
        Name = name,
        Kind = PixelKind.Intensity,
        Shape = Shape,
        Train = ClassOrder.Mix(train), // they come class by class
        Test = ClassOrder.Mix(test),
        Attribution = Attribution,
        Files = files,
    };

    private static int ReadArchive(string path, SortedDictionary<(string, int), byte[]> drawings, CancellationToken cancellation)
    {
        using var file = File.OpenRead(path);
        using var zip = OpenZip(file);
        foreach (var entry in zip.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var segments = entry.FullName.Split('/', '\\');
            if (segments.Contains("..", StringComparer.Ordinal) || segments[0].Length == 0 || Path.IsPathRooted(entry.FullName))
                throw new InvalidDataException($"Its entry '{Printable(entry.FullName)}' leaves the folder.");
            // Folders, and what archivers add (__MACOSX, .DS_Store), are no drawings.
            if (segments.Length < 3 || !DrawingName().IsMatch(segments[^1])) continue;
            var drawer = int.Parse(segments[^1].AsSpan(segments[^1].Length - 6, 2), CultureInfo.InvariantCulture);
            if (drawer is < 1 or > Drawers)
                throw new InvalidDataException($"Its entry '{Printable(entry.FullName)}' has no drawer 01 to 20.");
            var key = ($"{segments[^3]}/{segments[^2]}", drawer);
            if (drawings.ContainsKey(key)) continue;
            if (drawings.Count == MaxEntries) throw new InvalidDataException($"It holds more than {MaxEntries} drawings.");
            drawings[key] = ReadDrawing(entry);
        }

        return drawings.Count;
    }

    private static ZipArchive OpenZip(FileStream file)
    {
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            if (zip.Entries.Count > 2 * MaxEntries) throw new InvalidDataException($"It has more than {2 * MaxEntries} entries.");
            return zip;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            // A damaged directory can point anywhere.
            throw new InvalidDataException("Its directory is damaged.", e);
        }
    }

    private static byte[] ReadDrawing(ZipArchiveEntry entry)
    {
        try
        {
            var image = PngReader.Decode(ZipEntries.Read(entry, MaxEntryBytes), maxSide: MaxSide);
            var pixels = image.ToBytes();
            // Ink is black on white in the archives and 1 here.
            for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(255 - pixels[i]);
            return AreaResize.Resize<byte>(pixels, image.Shape, Shape);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"Its entry '{Printable(entry.FullName)}' is damaged. {e.Message}", e);
        }
    }

    private static DataSplit Part(
        IEnumerable<KeyValuePair<(string Character, int Drawer), byte[]>> drawings, Dictionary<string, int> classes)
    {
        var list = drawings.ToArray();
        var bytes = new byte[list.Length * Pixels];
        for (var i = 0; i < list.Length; i++) list[i].Value.CopyTo(bytes, i * Pixels);
        return DataSplit.FromBytes(bytes, Pixels, Array.ConvertAll(list, d => classes[d.Key.Character]));
    }

    private static byte[] MatImages(IReadOnlyDictionary<string, MatMatrix> matrices, string name)
    {
        if (!matrices.TryGetValue(name, out var m))
            throw new InvalidDataException($"It has no variable '{name}' (784 x number of images).");
        if (m.Rows != Pixels || m.Columns == 0)
            throw new InvalidDataException($"Its variable '{name}' is {m.Rows}x{m.Columns}; 784 x number of images is right.");
        var largest = 0.0;
        for (var i = 0; i < m.Numbers.Length; i++)
        {
            var value = m.Numbers[i];
            if (!(value >= 0 && value <= 255)) throw new InvalidDataException($"Its variable '{name}' has numbers outside 0 to 255.");
            largest = Math.Max(largest, value);
        }

        var scale = largest > 1 ? 1 : 255;
        var bytes = new byte[m.Numbers.Length];
        for (var image = 0; image < m.Columns; image++)
        {
            // MATLAB stores an image by columns: transpose to rows.
            for (var y = 0; y < Shape.Height; y++)
            {
                for (var x = 0; x < Shape.Width; x++)
                    bytes[(image * Pixels) + (y * Shape.Width) + x] = (byte)Math.Round(scale * m[(x * Shape.Height) + y, image]);
            }
        }

        return bytes;
    }

    private static (int Alphabet, double Character)[]? MatClasses(
        IReadOnlyDictionary<string, MatMatrix> matrices, string alphabets, string characters, int count)
    {
        if (!matrices.TryGetValue(alphabets, out var alphabet) || !matrices.TryGetValue(characters, out var character)) return null;
        if (alphabet.Columns != count || character.Columns != count || alphabet.Rows == 0 || character.Rows == 0)
            throw new InvalidDataException($"Its variables '{alphabets}' and '{characters}' do not have one column per image ({count}).");
        var classes = new (int, double)[count];
        for (var i = 0; i < count; i++) classes[i] = (OneHot(alphabet, i), character.Rows == 1 ? character[0, i] : OneHot(character, i));
        return classes;
    }

    private static int OneHot(MatMatrix matrix, int column)
    {
        var best = 0;
        for (var row = 1; row < matrix.Rows; row++)
        {
            if (matrix[row, column] > matrix[best, column]) best = row;
        }

        return best;
    }

    private static string Printable(string name) => PrintableText.Of(name.Length <= 100 ? name : name[..100]);

    [GeneratedRegex(@"^[0-9]{1,9}_[0-9]{2}\.png$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DrawingName();
}
