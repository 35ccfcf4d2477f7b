using Ornstein.Data.Folders;
using Ornstein.Data.Formats;

namespace Ornstein.Data.Sources;

/// <summary>Reads known sets, every file held to its pinned hash: a file of the same name, length and header may be another.</summary>
internal static class KnownImages
{
    /// <summary>The four IDX files of MNIST and of sets that were made to replace it.</summary>
    /// <param name="set">The set; its files are images and labels to train on, then to test on.</param>
    /// <param name="folder">Where they are, plain or gzip.</param>
    /// <param name="attribution">Source and licence.</param>
    /// <param name="remedy">What to do where a file is another.</param>
    /// <exception cref="OrnsteinException">A file is another, or cannot be read.</exception>
    public static Dataset FromIdx(KnownSet set, string folder, string attribution, string remedy)
    {
        string[] paths = [.. set.Files.Select(f => DataCache.FindIn(folder, f) ?? Path.Combine(folder, f.Name))];
        return Advise(remedy, () =>
        {
            var train = IdxReader.Images(paths[0], p => VerifiedFile.Open(p, set.Files[0]));
            var trainLabels = IdxReader.Labels(paths[1], p => VerifiedFile.Open(p, set.Files[1]));
            var test = IdxReader.Images(paths[2], p => VerifiedFile.Open(p, set.Files[2]));
            var testLabels = IdxReader.Labels(paths[3], p => VerifiedFile.Open(p, set.Files[3]));
            var features = train.Shape.Height * train.Shape.Width;
            return new Dataset
            {
                Name = set.Name,
                Kind = PixelKind.Intensity,
                Shape = train.Shape,
                Train = DataSplit.FromBytes(train.Pixels, features, trainLabels),
                Test = DataSplit.FromBytes(test.Pixels, features, testLabels),
                Attribution = attribution,
                Files = paths,
            };
        });
    }

    /// <summary>CIFAR-10's binary files.</summary>
    /// <exception cref="OrnsteinException">A file is another, or cannot be read.</exception>
    public static Dataset FromCifar(KnownSet set, string folder, string attribution, string remedy) => Advise(remedy, () => CifarFolder.TryLoad(
        folder, set.Name, attribution, path => VerifiedFile.Open(path, set.Files.First(file => file.Name == Path.GetFileName(path))))!);

    /// <summary>SVHN's MATLAB files.</summary>
    /// <exception cref="OrnsteinException">A file is another, or cannot be read.</exception>
    public static Dataset FromSvhn(KnownSet set, string folder, string attribution, string remedy) => Advise(remedy, () =>
    {
        foreach (var file in set.Files) VerifiedFile.Check(Path.Combine(folder, file.Name), file);
        return SvhnFolder.TryLoad(folder, set.Name, attribution)!;
    });

    /// <summary>OMNIGLOT: its archives are held to their hashes; <c>chardata.mat</c>, which has none, goes before them.</summary>
    /// <exception cref="OrnsteinException">A file is another, or cannot be read.</exception>
    public static Dataset FromOmniglot(KnownSet set, string folder, string remedy, CancellationToken cancellation)
    {
        var known = KnownSets.Omniglot.Files.Concat(KnownSets.Omniglot.Optional);
        if (!File.Exists(Path.Combine(folder, OmniglotData.MatFile)))
        {
            foreach (var (file, path) in known.Select(f => (f, Path.Combine(folder, f.Name))).Where(f => File.Exists(f.Item2)))
            {
                cancellation.ThrowIfCancellationRequested();
                Advise(remedy, () => VerifiedFile.Check(path, file));
            }
        }

        return OmniglotData.TryLoad(folder, set.Name, cancellation)!;
    }

    private static T Advise<T>(string remedy, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OrnsteinException e)
        {
            throw new OrnsteinException($"{e.Message} {remedy}.", e);
        }
    }
}
