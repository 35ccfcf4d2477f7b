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
    /// <exception cref="InvalidDataException">A stated size is no number, a header's checksum is another, or it is longer than <see cref="Reading.MaxBytes"/>.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within an entry.</exception>
    public static void Read(Stream tar, Func<string, long, bool> isWanted, Action<string, byte[]> take)
    {
        var (header, buffer, left) = (new byte[Block], new byte[AtOnce], Reading.MaxBytes);
        while (tar.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block && header[0] != 0)
        {
            if (Octal(Text(header.AsSpan(148, 8)), "checksum") != Sum(header))
                throw new InvalidDataException("The checksum of an entry's header is another.");
            var name = Text(header.AsSpan(0, 100));
            var size = Octal(Text(header.AsSpan(124, 12)), "size");
            var isRegular = header[156] is (byte)'0' or 0;
            var padding = (Block - (size % Block)) % Block;
            left -= Block + size + padding;
            if (left < 0) throw new InvalidDataException($"It holds more than {Reading.MaxBytes} bytes, which is the limit.");
            if (isRegular && isWanted(name, size)) take(name, Reading.Exactly(tar, size));
            else Skip(tar, size, buffer);
            Skip(tar, padding, buffer);
        }
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? field : field[..end]).Trim();
    }

    // The sum of the header's bytes, its own place taken for spaces.
    private static long Sum(byte[] header)
    {
        long sum = 8 * ' ';
        foreach (var b in header) sum += b;
        foreach (var b in header.AsSpan(148, 8)) sum -= b;
        return sum;
    }

    private static long Octal(string octal, string what)
    {
        long number = 0;
        foreach (var digit in octal)
        {
            if (digit is < '0' or > '7')
                throw new InvalidDataException($"An entry's {what} is '{PrintableText.Of(octal)}', which is no octal number.");
            number = (number * 8) + (digit - '0');
        }

        return number;
    }

    private static void Skip(Stream stream, long count, byte[] buffer)
    {
        while (count > 0)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(count, buffer.Length));
            if (read == 0) throw new EndOfStreamException("It ends within an entry.");
            count -= read;
        }
    }
}
