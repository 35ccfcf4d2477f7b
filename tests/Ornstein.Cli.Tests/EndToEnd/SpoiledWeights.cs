using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Overwrites weights in the checkpoint of a run of <see cref="TinyRun"/>.</summary>
internal static class SpoiledWeights
{
    private const int Members = 4;

    /// <summary>Sets every weight of some members.</summary>
    public static void Fill(string run, float value, params int[] members) => Fill(run, value, _ => true, members);

    /// <summary>Sets the weights of some members whose names are chosen.</summary>
    public static void Fill(string run, float value, Func<string, bool> chosen, params int[] members)
    {
        var file = Assert.Single(Directory.GetFiles(Path.Combine(run, "checkpoint"), "weights-*.safetensors"));
        var bytes = File.ReadAllBytes(file);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var entries = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject()
            .Where(entry => entry.Key != "__metadata__" && chosen(entry.Key)).ToArray();
        Assert.NotEmpty(entries);
        foreach (var (_, entry) in entries)
        {
            var (begin, end) = ((int)entry!["data_offsets"]![0]!, (int)entry["data_offsets"]![1]!);
            var part = (end - begin) / Members;
            foreach (var member in members)
            {
                MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + length + begin + (member * part), part)).Fill(value);
            }
        }

        File.WriteAllBytes(file, bytes);
    }
}
