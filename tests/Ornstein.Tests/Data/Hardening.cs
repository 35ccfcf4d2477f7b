using CsCheck;

namespace Ornstein.Tests.Data;

/// <summary>
/// The promise of every reader: data or an <see cref="OrnsteinException"/> of one line that names the file, in bounded memory.
/// </summary>
internal static class Hardening
{
    private const long MaxAllocated = 64 << 20;

    public static void EveryTruncation(byte[] valid, Action<string> read, string name)
    {
        using var folder = new TestFolder();
        for (var length = 0; length < valid.Length; length++)
        {
            var path = folder.Write(name, valid[..length]);
            Check(() => read(path), path);
        }
    }

    public static void AnyDamage(byte[] valid, Action<string> read, string name, long iterations = 2000)
    {
        using var folder = new TestFolder();
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[1, 6].Sample(
            changes =>
            {
                var damaged = (byte[])valid.Clone();
                foreach (var (at, value) in changes) damaged[at] = value;
                var path = folder.Write(name, damaged);
                Check(() => read(path), path);
            },
            iter: iterations,
            threads: 1);
    }

    public static void AnyBytes(byte[] prefix, Action<string> read, string name, long iterations = 500) =>
        Any(Gen.Byte.Array[0, 200].Select(bytes => (byte[])[.. prefix, .. bytes]), read, name, iterations);

    public static void Any(Gen<byte[]> files, Action<string> read, string name, long iterations)
    {
        using var folder = new TestFolder();
        files.Sample(
            bytes =>
            {
                var path = folder.Write(name, bytes);
                Check(() => read(path), path);
            },
            iter: iterations,
            threads: 1);
    }

    /// <summary>The reader must refuse.</summary>
    public static string Refuses(Action read)
    {
        var e = Assert.Throws<OrnsteinException>(read);
        Assert.DoesNotContain('\n', e.Message);
        return e.Message;
    }

    private static void Check(Action read, string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read();
        }
        catch (OrnsteinException e)
        {
            Assert.Contains(Path.GetFileName(path), e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
    }
}
