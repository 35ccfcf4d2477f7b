using System.Buffers.Binary;
using System.Text;

namespace Ornstein.Cli.Tests.Packaging;

/// <summary>The symbol versions that a shared library needs.</summary>
internal static class ElfVersion
{
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed

    public const string Newest = "GLIBCXX_3.4.32";

    /// <summary>By the hash that stands before its flags, without parsing the file.</summary>
    public static bool IsNeededWeakly(string path, string version)
    {
        byte[] file = File.ReadAllBytes(path);
        var hash = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(hash, Hash(version));
        int place = file.AsSpan().IndexOf(hash);
        Assert.True(place >= 0, $"{path} has no need of {version}");
        return (file[place + 4] & 2) != 0;
    }

    /// <summary>
    /// Every version that a shared library cannot be loaded without: names such as <c>GLIBC</c>, with the newest of each. What is needed weakly is left out.
    /// The layout is that of ELF-64 and of "Symbol Version Requirements" of the Linux Standard Base.
    /// </summary>
    public static Dictionary<string, Version> Newests(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var newest = new Dictionary<string, Version>(StringComparer.Ordinal);
        long sections = BitConverter.ToInt64(file, 0x28);
        int size = BitConverter.ToUInt16(file, 0x3A), count = BitConverter.ToUInt16(file, 0x3C);
        int Section(long index) => checked((int)(sections + (index * size)));
        for (int index = 0; index < count; index++)
        {
            int section = Section(index);
            if (BitConverter.ToUInt32(file, section + 4) != VersionNeeds) continue;
            int names = (int)BitConverter.ToInt64(file, Section(BitConverter.ToUInt32(file, section + 0x28)) + 0x18);
            // A chain of libraries, each with a chain of the versions needed of it; a step of zero ends a chain.
            for (uint library = (uint)BitConverter.ToInt64(file, section + 0x18), step = 1; step != 0; library += step)
            {
                step = BitConverter.ToUInt32(file, (int)library + 12);
                uint need = library + BitConverter.ToUInt32(file, (int)library + 8);
                for (uint next = 1; next != 0; need += next)
                {
                    next = BitConverter.ToUInt32(file, (int)need + 12);
                    bool isWeak = (BitConverter.ToUInt16(file, (int)need + 4) & 2) != 0;
                    if (!isWeak) Keep(Text(names + (int)BitConverter.ToUInt32(file, (int)need + 8)));
                }
            }
        }

        return newest;

        string Text(int at) => Encoding.ASCII.GetString(file.AsSpan(at, file.AsSpan(at).IndexOf((byte)0)));

        void Keep(string need)
        {
            int at = need.LastIndexOf('_');
            if (at < 0 || !Version.TryParse(need[(at + 1)..], out var version)) return;
            if (!newest.TryGetValue(need[..at], out var known) || known < version) newest[need[..at]] = version;
        }
    }

    /// <summary>The hash of the ELF specification.</summary>
    public static uint Hash(string name)
    {
        uint hash = 0;
        foreach (char character in name)
        {
            hash = (hash << 4) + character;
            uint high = hash & 0xf0000000;
            hash ^= high >> 24;
            hash &= ~high;
        }

        return hash;
    }
}
