using System.Buffers.Binary;

namespace Ornstein.Cli.Tests.Packaging;

/// <summary>Looks for a symbol version in a shared library without parsing it: by the hash that stands before its flags.</summary>
internal static class ElfVersion
{
    public const string Newest = "GLIBCXX_3.4.32";

    public static bool IsNeededWeakly(string path, string version)
    {
        byte[] file = File.ReadAllBytes(path);
        var hash = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(hash, Hash(version));
        int place = file.AsSpan().IndexOf(hash);
        Assert.True(place >= 0, $"{path} has no need of {version}");
        return (file[place + 4] & 2) != 0;
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
