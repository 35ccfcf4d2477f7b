using System.IO.Compression;

namespace Ornstein.Data.Formats;

/// <summary>
/// Decompresses gzip (of any number of members) and zlib, and holds the data to their checksums. The framework's streams compare a
/// checksum that is there, but blame a wrong one on an unsupported method, and take data that end before their checksum for whole. The
/// streams made here raise an <see cref="InvalidDataException"/> that says what is wrong, or an <see cref="EndOfStreamException"/>.
/// </summary>
internal static class Decompression
{
    // After a gzip member a reader looks for another: this byte begins none.
    private const byte Mark = 0xFF;

    /// <summary>The content of gzip data; whatever follows the last member is passed over.</summary>
    public static Stream Gzip(Stream compressed)
    {
        var asked = 0;

        // The end is marked. A reader that is within a member takes the mark for a part of it: the member's last bytes are its length,
        // which is not that long, so the reader asks for more or finds the length wrong.
        int Feed(Span<byte> buffer)
        {
            var read = compressed.Read(buffer);
            if (read > 0 || buffer.IsEmpty || asked++ > 0) return read;
            buffer[0] = Mark;
            return 1;
        }

        var inflate = new GZipStream(new ForwardStream(Feed, compressed), CompressionMode.Decompress);
        return Checked(inflate, isCut: () => asked > 1, isCutIfWrong: () => asked > 0);
    }

    /// <summary>The content of zlib data; whatever follows them is passed over.</summary>
    public static Stream Zlib(Stream compressed)
    {
        // Whole data never make their reader ask for more.
        var isCut = false;
        int Feed(Span<byte> buffer)
        {
            var read = compressed.Read(buffer);
            isCut |= read == 0 && !buffer.IsEmpty;
            return read;
        }

        var inflate = new ZLibStream(new ForwardStream(Feed, compressed), CompressionMode.Decompress);
        return Checked(inflate, () => isCut, () => isCut);
    }

    private static ForwardStream Checked(Stream inflate, Func<bool> isCut, Func<bool> isCutIfWrong) => new(
        buffer =>
        {
            try
            {
                var read = inflate.Read(buffer);
                return read > 0 || buffer.IsEmpty || !isCut() ? read : throw new EndOfStreamException();
            }
            catch (InvalidDataException e) when (isCutIfWrong())
            {
                throw new EndOfStreamException(e.Message, e);
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException("Its compressed data or their checksum are damaged.", e);
            }
        },
        inflate);
}
