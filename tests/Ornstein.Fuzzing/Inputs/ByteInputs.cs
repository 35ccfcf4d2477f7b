using System.Buffers.Binary;

namespace Ornstein.Fuzzing.Inputs;

/// <summary>Changes bytes: bits flipped, lengths set to extremes, pieces cut out, repeated, moved, and put together from two inputs.</summary>
internal static class ByteInputs
{
    /// <summary>No input that grows by these changes is longer.</summary>
    public const int Longest = 1 << 16;

    private static readonly long[] _extremes =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 127, 128, 255, 256, 1000, short.MaxValue, 1 << 15, ushort.MaxValue, 1 << 16, 70_000, 1 << 24, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32,
        1L << 40, long.MaxValue, long.MinValue,
    ];

    private static readonly byte[] _bytes = [0, 1, 0x0A, 0x20, 0x22, 0x2D, 0x2F, 0x30, 0x39, 0x5C, 0x7F, 0x80, 0xC0, 0xED, 0xFE, 0xFF];

    /// <summary>One of the seeds, mostly changed a little; rarely as it is, or random bytes.</summary>
    public static byte[] Of(Random random, IReadOnlyList<byte[]> seeds)
    {
        var kind = random.Next(100);
        if (kind < 2) return One(random, seeds);
        if (kind < 4) return Some(random, random.Next(300));
        var bytes = One(random, seeds);
        if (kind < 12) bytes = Spliced(random, bytes, One(random, seeds));
        var changes = 1 + (random.Next(3) == 0 ? random.Next(12) : random.Next(3));
        for (var i = 0; i < changes; i++) bytes = Changed(random, bytes);
        return bytes;
    }

    /// <summary>One change.</summary>
    public static byte[] Changed(Random random, byte[] bytes)
    {
        if (bytes.Length == 0) return Some(random, 1 + random.Next(20));
        var at = random.Next(bytes.Length);
        return random.Next(13) switch
        {
            0 => With(bytes, at, (byte)(bytes[at] ^ (1 << random.Next(8)))),
            1 => With(bytes, at, (byte)random.Next(256)),
            2 => With(bytes, at, _bytes[random.Next(_bytes.Length)]),
            3 => With(bytes, at, (byte)(bytes[at] + random.Next(-3, 4))),
            4 => Number(random, bytes, 2),
            5 or 6 => Number(random, bytes, 4),
            7 => Number(random, bytes, 8),
            8 => bytes[..at],
            9 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + random.Next(16))..]],
            10 => Repeated(random, bytes, at),
            11 => [.. bytes[..at], .. Some(random, 1 + random.Next(8)), .. bytes[at..]],
            _ => Filled(random, bytes, at),
        };
    }

    /// <summary>Random bytes.</summary>
    public static byte[] Some(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>One of several.</summary>
    public static T One<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>A number that overflows something, or is next to one that does.</summary>
    public static long Extreme(Random random) => One(random, _extremes) + (random.Next(4) == 0 ? random.Next(-2, 3) : 0);

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] = value;
        return changed;
    }

    // An extreme, or a number about the input's own length, in either byte order.
    private static byte[] Number(Random random, byte[] bytes, int width)
    {
        if (bytes.Length < width) return bytes;
        var changed = (byte[])bytes.Clone();
        var (number, at) = (random.Next(4) == 0 ? bytes.Length + random.Next(-9, 10) : Extreme(random), random.Next(bytes.Length - width + 1));
        // Numbers of a file are often aligned.
        if (random.Next(2) == 0) at -= at % width;
        Span<byte> eight = stackalloc byte[8];
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64LittleEndian(eight, number);
        else BinaryPrimitives.WriteInt64BigEndian(eight, number << (64 - (8 * width)));
        eight[..width].CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static byte[] Repeated(Random random, byte[] bytes, int at)
    {
        var piece = bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 + random.Next(64))).ToArray();
        var times = Math.Min(random.Next(8) == 0 ? random.Next(1000) : 1 + random.Next(4), (Longest - bytes.Length) / piece.Length);
        return times <= 0 ? bytes : [.. bytes[..at], .. Enumerable.Repeat(piece, times).SelectMany(each => each), .. bytes[at..]];
    }

    private static byte[] Filled(Random random, byte[] bytes, int at)
    {
        var changed = (byte[])bytes.Clone();
        changed.AsSpan(at, Math.Min(bytes.Length - at, 1 + random.Next(32))).Fill(_bytes[random.Next(_bytes.Length)]);
        return changed;
    }

    private static byte[] Spliced(Random random, byte[] one, byte[] other) =>
        [.. one[..random.Next(one.Length + 1)], .. other[random.Next(other.Length + 1)..]];
}
