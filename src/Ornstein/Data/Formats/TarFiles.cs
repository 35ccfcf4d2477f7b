using System.Text;

namespace Ornstein.Data.Formats;

/// <summary>
/// Picks files out of a tar stream. The framework's reader takes extended headers into memory at whatever size they state; here an entry
/// is passed over unless it is a regular file that is wanted, by name and size.
/// </summary>
internal static class TarFiles
{
    private const int Block = 512;
    private const int AtOnce = 1 << 16;

    /// <summary>Reads the wanted files.</summary>
    /// <param name="tar">The stream, not compressed.</param>
    /// <param name="isWanted">Whether a regular file of this name and stated size is wanted.</param>
    /// <param name="take">Takes the content of a wanted file.</param>
    /// <exception cref="InvalidDataException">A stated size is no number.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within an entry.</exception>
    public static void Read(Stream tar, Func<string, long, bool> isWanted, Action<string, byte[]> take)
    {
        var header = new byte[Block];
        while (tar.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block && header[0] != 0)
        {
            var name = Text(header.AsSpan(0, 100));
            var size = Size(Text(header.AsSpan(124, 12)));
            var isRegular = header[156] is (byte)'0' or 0;
            var padding = (Block - (size % Block)) % Block;
            if (isRegular && isWanted(name, size)) take(name, Reading.Exactly(tar, size));
            else Skip(tar, size);
            Skip(tar, padding);
        }
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? field : field[..end]).Trim();
    }

    private static long Size(string octal)
    {
        long size = 0;
        foreach (var digit in octal)
        {
            if (digit is < '0' or > '7') throw new InvalidDataException($"An entry's size is '{octal}', which is no octal number.");
            size = (size * 8) + (digit - '0');
        }

        return size;
    }

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[AtOnce];
        while (count > 0)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(count, AtOnce));
            if (read == 0) throw new EndOfStreamException("It ends within an entry.");
            count -= read;
        }
    }
}
