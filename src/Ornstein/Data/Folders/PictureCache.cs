using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Ornstein.Data.Formats;
using Ornstein.Data.Sources;
using Ornstein.Storage;

namespace Ornstein.Data.Folders;

/// <summary>
/// Keeps the pixels of large folders of pictures in the cache folder, under a name made of what the files hold: what was decoded once is read as fast as the files are. A
/// file that changes gives another name.
/// </summary>
internal static class PictureCache
{
    /// <summary>Fewer pictures than this are decoded each time.</summary>
    public const int Fewest = 1000;

    // Training, curves, test.
    private const int Parts = 3;

    // Another number for another form of these files, or another way to decode.
    private const string Form = "ornstein pictures 1";

    // Sets that were not read for longest go first.
    private const int Most = 8;

    /// <summary>The pixels of the pictures, kept or read now.</summary>
    /// <param name="parts">The pictures.</param>
    /// <param name="options">How they are read, and the cache folder.</param>
    /// <param name="read">Reads them.</param>
    /// <param name="cancellation">Stops it.</param>
    public static PicturePixels Of(PictureParts parts, DataOptions options, Func<PicturePixels> read, CancellationToken cancellation)
    {
        if (parts.All.Count() < Fewest || (options.CacheFolder ?? DataCache.DefaultFolder()) is not { } cache) return read();
        var name = NameOf(parts, options, cancellation);
        var path = Path.Combine(cache, "pictures", $"{name}.bin");
        if (TryLoad(path) is { } kept) return kept;
        var pixels = read();
        // A file that changed while it was read would be kept under a name that is not its own.
        if (IsStill(name, parts, options, cancellation)) TryKeep(path, pixels);
        return pixels;
    }

    private static bool IsStill(string name, PictureParts parts, DataOptions options, CancellationToken cancellation)
    {
        try
        {
            return NameOf(parts, options, cancellation) == name;
        }
        catch (OrnsteinException)
        {
            return false; // one is gone, whose pixels are here
        }
    }

    private static string NameOf(PictureParts parts, DataOptions options, CancellationToken cancellation)
    {
        Picture[] all = [.. parts.All];
        var hashes = new byte[all.Length][];
        InParallel.For(
            all.Length,
            i => hashes[i] = Reading.Guard(all[i].Path, () =>
            {
                using var file = Reading.OpenFile(all[i].Path);
                return SHA256.HashData(file);
            }),
            cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{Form} {options.Colour} {options.Background} {options.ImageSize} {parts.Train.Count} {parts.Validation.Count} {parts.Test.Count} "));
        // By its ending a file goes to its reader.
        for (var i = 0; i < all.Length; i++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(PictureFormats.Of(all[i].Path)!.Name));
            hash.AppendData(hashes[i]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Whatever is wrong with a kept file, the pictures are still there.
    internal static PicturePixels? TryLoad(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            using var file = new HashedReader(path);
            var shape = new ImageShape(file.Number(), file.Number(), file.Number());
            var hasAlpha = file.Flag();
            var parts = new List<PixelLevels>();
            for (var left = file.Number(); left > 0; left--)
            {
                var (isWide, count) = (file.Flag(), file.Number());
                parts.Add(isWide
                    ? PixelLevels.OfWords(MemoryMarshal.Cast<byte, ushort>(file.Bytes(2L * count)).ToArray())
                    : new PixelLevels(file.Bytes(count)));
            }

            if (!file.EndsWithItsHash() || parts.Count != Parts || shape is not { Height: > 0, Width: > 0, Channels: > 0 } || parts.Exists(part => part.Count % shape.Count != 0)) return null;
            Touch(path);
            return new PicturePixels([.. parts], shape, hasAlpha);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    // A folder that cannot be written to serves all the same.
    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It counts as used when it was written.
        }
    }

    // Nobody is kept from their pictures by a full disk.
    private static void TryKeep(string path, PicturePixels pixels)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, file =>
            {
                using var hash = SHA256.Create();
                using (var hashing = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                using (var writer = new BinaryWriter(hashing))
                {
                    Write(writer, pixels);
                }

                file.Write(hash.Hash!);
            });
            foreach (var old in new DirectoryInfo(Path.GetDirectoryName(path)!).GetFiles("*.bin").OrderByDescending(file => file.LastWriteTimeUtc).Skip(Most)) old.Delete();
        }
        catch (Exception e) when (e is OrnsteinException or IOException or UnauthorizedAccessException)
        {
            // They are decoded again next time.
        }
    }

    private static void Write(BinaryWriter writer, PicturePixels pixels)
    {
        writer.Write(pixels.Shape.Height);
        writer.Write(pixels.Shape.Width);
        writer.Write(pixels.Shape.Channels);
        writer.Write(pixels.HasAlpha);
        writer.Write(pixels.Parts.Length);
        foreach (var part in pixels.Parts)
        {
            writer.Write(part.White > byte.MaxValue);
            writer.Write(part.Count);
            writer.Write(part.Raw);
        }
    }

    // What was written, read once and straight to where it stays: the file as a whole would take its size a second time.
    private sealed class HashedReader(string path) : IDisposable
    {
        private readonly FileStream _file = File.OpenRead(path);
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public int Number() => BitConverter.ToInt32(Bytes(sizeof(int)));

        public bool Flag() => Bytes(1)[0] != 0;

        public byte[] Bytes(long count)
        {
            if (count < 0 || count > _file.Length - _file.Position) throw new EndOfStreamException();
            var bytes = new byte[count];
            _file.ReadExactly(bytes);
            _hash.AppendData(bytes);
            return bytes;
        }

        public bool EndsWithItsHash()
        {
            var hash = new byte[SHA256.HashSizeInBytes];
            _file.ReadExactly(hash);
            return _file.Position == _file.Length && _hash.GetHashAndReset().AsSpan().SequenceEqual(hash);
        }

        public void Dispose()
        {
            _file.Dispose();
            _hash.Dispose();
        }
    }
}
