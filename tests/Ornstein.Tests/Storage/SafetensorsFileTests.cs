using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using Ornstein.Storage;

namespace Ornstein.Tests.Storage;

public sealed class SafetensorsFileTests : IDisposable
{
    private static readonly Gen<long[]> Shapes = Gen.Long[0, 5].Array[0, 4];

    private static readonly Gen<(string Name, long[] Shape, float[] Data)[]> Tensors =
        Gen.Select(Gen.String, Shapes)
            .SelectMany((name, shape) => Gen.Float.Array[(int)shape.Aggregate(1L, (a, b) => a * b)].Select(data => (name, shape, data)))
            .Array[0, 6]
            .Select(all => all.DistinctBy(one => one.name).Where(one => IsText(one.name)).ToArray());

    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten_IsTheSameBitForBit() =>
        Gen.Select(Tensors, Gen.Dictionary(Gen.String.Where(IsText), Gen.String.Where(IsText))[0, 3]).Sample((tensors, metadata) =>
        {
            SafetensorsFile.Write(Target, [.. tensors.Select(t => SafetensorsTensor.Create<float>(t.Name, t.Shape, t.Data))], metadata);
            using SafetensorsContent content = SafetensorsFile.Read(Target);
            Assert.Equal(metadata, content.Metadata);
            Assert.Equal(tensors.Select(t => t.Name).Order(), content.Entries.Select(e => e.Name).Order());
            foreach ((string name, long[] shape, float[] data) in tensors)
            {
                Assert.Equal("F32", content.Entry(name).Dtype);
                Assert.Equal(shape, content.Entry(name).Shape);
                Assert.Equal(Bits(data), Bits(content.ToArray<float>(name)));
            }
        }, iter: 100, threads: 1);

    [Fact]
    public void Write_MixedTypes_DataIsAlignedToItsElementsAndHeaderTo64()
    {
        SafetensorsFile.Write(Target,
        [
            SafetensorsTensor.Create<byte>("bytes", [3], new byte[] { 1, 2, 3 }),
            SafetensorsTensor.Create<float>("floats", [1, 1], new[] { 0.5f }),
            SafetensorsTensor.Create<double>("doubles", [2], new[] { -1.5, double.NaN }),
            SafetensorsTensor.Create<long>("longs", [], new[] { long.MinValue }),
            SafetensorsTensor.Create<int>("ints", [2], new[] { int.MaxValue, -1 }),
        ]);

        using SafetensorsContent content = SafetensorsFile.Read(Target);
        Assert.Equal(["doubles", "longs", "floats", "ints", "bytes"], content.Entries.Select(e => e.Name));
        Assert.Equal(new byte[] { 1, 2, 3 }, content.ToArray<byte>("bytes"));
        Assert.Equal([-1.5, double.NaN], content.ToArray<double>("doubles"));
        Assert.Equal([long.MinValue], content.ToArray<long>("longs"));
        Assert.Equal([int.MaxValue, -1], content.ToArray<int>("ints"));
        Assert.Equal(0u, (BinaryPrimitives.ReadUInt64LittleEndian(File.ReadAllBytes(Target)) + 8) % 64);
    }

    [Fact]
    public void Write_TensorLargerThanAChunk_ComesBack()
    {
        float[] data = [.. Enumerable.Range(0, (1 << 20) + 7).Select(i => (float)i)];
        SafetensorsFile.Write(Target, [SafetensorsTensor.Create<float>("big", [data.Length], () => data)]);

        using SafetensorsContent content = SafetensorsFile.Read(Target);
        Assert.Equal(data, content.ToArray<float>("big"));
    }

    [Fact]
    public void Write_NameUsedTwiceReservedOrHalfASurrogate_IsRefusedAndOldFileStands()
    {
        File.WriteAllText(Target, "old");
        SafetensorsTensor Scalar(string name) => SafetensorsTensor.Create<float>(name, [], new[] { 1f });

        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(Target, [Scalar("a"), Scalar("a")]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(Target, [Scalar("__metadata__")]));
        Assert.ThrowsAny<ArgumentException>(() => SafetensorsFile.Write(Target, [Scalar("\ud800")]));
        Assert.Equal("old", File.ReadAllText(Target));
    }

    [Fact]
    public void Write_FewerElementsThanTheShapeSays_IsRefusedAndOldFileStands()
    {
        File.WriteAllText(Target, "old");
        SafetensorsTensor lying = SafetensorsTensor.Create<float>("a", [2, 3], new float[5]);

        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(Target, [lying]));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void CopyTo_WrongNameTypeOrLength_SaysSoInOneLine()
    {
        SafetensorsFile.Write(Target, [SafetensorsTensor.Create<float>("a", [2], new[] { 1f, 2f })]);
        using SafetensorsContent content = SafetensorsFile.Read(Target);

        Assert.Contains("has no tensor 'b'", Assert.Throws<OrnsteinException>(() => content.ToArray<float>("b")).Message);
        Assert.Contains("has type F32 where F64", Assert.Throws<OrnsteinException>(() => content.ToArray<double>("a")).Message);
        Assert.Contains("has 2 elements where 3", Assert.Throws<OrnsteinException>(() => content.CopyTo("a", new float[3])).Message);
    }

    [Fact]
    public void CopyTo_FileReplacedMeanwhile_GivesWhatWasOpened()
    {
        SafetensorsFile.Write(Target, [SafetensorsTensor.Create<float>("a", [2], new[] { 1f, 2f })]);
        using SafetensorsContent content = SafetensorsFile.Read(Target);
        SafetensorsFile.Write(Target, [SafetensorsTensor.Create<float>("long name instead", [1], new[] { 9f })]);

        Assert.Equal([1f, 2f], content.ToArray<float>("a"));
    }

    [Fact]
    public void Write_ReadByPython_HoldsTheSameNumbers()
    {
        const string script = """
            import json, struct, sys
            b = open(sys.argv[1], 'rb').read()
            n, = struct.unpack('<Q', b[:8])
            h = json.loads(b[8:8 + n])
            begin, end = h['weights é']['data_offsets']
            v = struct.unpack('<%df' % ((end - begin) // 4), b[8 + n + begin:8 + n + end])
            print(h['weights é']['dtype'], h['weights é']['shape'], list(v), h['__metadata__']['rho'])
            """;
        SafetensorsFile.Write(
            Target,
            [SafetensorsTensor.Create<float>("weights é", [2, 2], new[] { 0.5f, -1f, 2f, 4f })],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["rho"] = "0.9" });

        Assert.Equal("F32 [2, 2] [0.5, -1.0, 2.0, 4.0] 0.9", Python(script, Target));
    }

    private static string Python(string script, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", ["-X", "utf8", "-c", script, argument])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            string output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed");
            return "";
        }
    }

    // NaN payloads and the sign of zero count.
    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private static bool IsText(string text) => text == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
