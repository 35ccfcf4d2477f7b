using System.Security.Cryptography;
using System.Text;
using Ornstein.Checkpoints;
using Ornstein.Data;
using Ornstein.Data.Folders;
using Ornstein.Data.Formats;
using Ornstein.Data.Sources;
using Ornstein.Fuzzing.Inputs;
using Ornstein.Storage;

namespace Ornstein.Fuzzing.Targets;

/// <summary>Files of data and of weights: what the library itself reads.</summary>
internal static class FileTargets
{
    // Opening a file, an exception with its trace, and small change.
    private const int Base = 1 << 17;

    // DEFLATE packs at most 1,032 to one (RFC 1951: a match of 258 bytes takes 2 bits).
    private const double Deflate = 1032;

    private static readonly JsonTree _state = Stored.SeedTree("state.json");

    private static readonly KnownSet _packed = new()
    {
        Name = "set", Files = [Known("a.bin", [1, 2, 3]), Known("b.bin", new byte[600])], Mirrors = [], ByHand = "nothing",
    };

    public static IEnumerable<FuzzTarget> All()
    {
        // What is unpacked goes into buffers that double (twice its size in all), labels into four bytes each.
        yield return new("idx-images", "IDX images, plain and gzip", DataInputs.IdxImages, One("images", path => IdxReader.Images(path)), new(Base, 4 * Deflate), 3000) { Named = "images" };
        yield return new("idx-labels", "IDX labels, plain and gzip", DataInputs.IdxLabels, One("labels", path => IdxReader.Labels(path)), new(Base, 8 * Deflate), 3000) { Named = "labels" };
        // Eight pixels of a bit become two bytes each, three in colour, twelve while a row is converted.
        yield return new("png", "PNG", PictureInputs.Png, One("a.png", path => PngReader.Read(path, ReadingOf(path))), new(3 << 20, Deflate * 64), 4000) { Named = "a.png", Mend = PictureInputs.WithChecksums };
        // 512 pixels of a byte at most, in four bytes decoded and two to six kept.
        yield return new("jpeg", "JPEG", PictureInputs.Jpeg, One("a.jpg", path => JpegReader.Read(path, ReadingOf(path))), new(Base, 512 * 12), 1500) { Named = "a.jpg" };
        yield return new("mat", "MATLAB level 5: OMNIGLOT's chardata.mat", DataInputs.Mat, One("chardata.mat", path => OmniglotData.FromMat(path, "x")), new(Base, 8 * Deflate), 3000) { Named = "chardata.mat" };
        yield return new("svhn", "MATLAB level 5: SVHN", DataInputs.SvhnMat, Svhn, new(Base, 8 * Deflate), 2000) { Named = "train_32x32.mat" };
        yield return new("cifar", "CIFAR-10, binary", DataInputs.Cifar, Cifar, new(Base, 16), 2000) { Named = "data_batch_1.bin" };
        // A drawing of 256 x 256 pixels at most, from PNG within DEFLATE.
        yield return new("zip", "zip: OMNIGLOT's archives", ArchiveInputs.Zip, One("images_background.zip", path => OmniglotData.FromArchives([path], "x", default)), new(1 << 20, Deflate * 64), 1500) { Named = "images_background.zip" };
        yield return new("tar", "tar within gzip: CIFAR-10's archive, npm's packages", ArchiveInputs.TarGzip, One("a.tar.gz", path => Archives.Unpack(path, _packed, "set/", Path.GetDirectoryName(path)!)), new(1 << 19, 4 * Deflate), 2000) { Named = "a.tar.gz" };
        yield return new("gzip", "gzip: files of known sets", ArchiveInputs.AnyGzip, One("a.gz", path => VerifiedFile.Check(path, _packed.Files[0])), new(1 << 18, 8), 2000) { Named = "a.gz" };
        yield return new("picture-cache", "pixels that are kept of pictures", Cache, One("a.bin", path => PictureCache.TryLoad(path)), new(Base, 40), 1500);
        yield return new("celeba", "CelebA's list of parts", CelebaList, Celeba, new(1 << 20, 64), 400);
        yield return new("safetensors", "safetensors: weights and moments", DataInputs.Safetensors, One("w.safetensors", Tensors), new(Base, 200), 3000) { Named = "w.safetensors" };
        yield return new("state", "state.json of a checkpoint", random => JsonInputs.Of(random, [_state]), State, new(1 << 20, 200), 3000) { Named = "checkpoint" };
    }

    private static Action<FuzzFolder, byte[]> One(string name, Action<string> read) => (folder, input) => read(folder.Write(name, input));

    // In colour where the file has an odd number of bytes.
    private static PixelReading ReadingOf(string path) => new(128, new FileInfo(path).Length % 2 == 1);

    private static KnownFile Known(string name, byte[] content) => new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    private static void Svhn(FuzzFolder folder, byte[] input)
    {
        folder.Keep("svhn/test_32x32.mat", () => DataInputs.SoundSvhn);
        folder.Write("svhn/train_32x32.mat", input);
        SvhnFolder.TryLoad(folder["svhn"], "x", "y");
    }

    private static void Cifar(FuzzFolder folder, byte[] input)
    {
        folder.Keep("cifar/test_batch.bin", () => new byte[3073]);
        folder.Write("cifar/data_batch_1.bin", input);
        CifarFolder.TryLoad(folder["cifar"], "x", "y");
    }

    private static byte[] CelebaList(Random random)
    {
        var lines = string.Concat(Enumerable.Range(0, 4).Select(i => $"{i}.png {(random.Next(4) > 0 ? $"{i % 3}" : ByteInputs.One(random, new[] { "0", "2", "3", "-1", "٣", "0 0", "", "4294967296" }))}\n"));
        return random.Next(2) == 0 ? Encoding.UTF8.GetBytes(lines) : ByteInputs.Of(random, ["0.png 0\n1.png 1\n2.png 2\n3.png 0\n"u8.ToArray(), Encoding.UTF8.GetBytes(lines)]);
    }

    private static void Celeba(FuzzFolder folder, byte[] input)
    {
        for (var i = 0; i < 4; i++) folder.Keep($"celeba/img/{i}.png", () => PictureInputs.SoundPng());
        folder.Write("celeba/list_eval_partition.txt", input);
        DatasetCatalog.Load(folder["celeba"]);
    }

    // A kept file, mostly with the right hash at its end.
    private static byte[] Cache(Random random)
    {
        byte[] Number(int number) => BitConverter.GetBytes(number);
        byte[] content =
        [
            .. Number(2), .. Number(3), .. Number(1), 0, .. Number(3),
            .. Enumerable.Range(0, 3).SelectMany(part => (byte[])[(byte)(part % 2), .. Number(6), .. new byte[part % 2 == 0 ? 6 : 12]]),
        ];
        content = ByteInputs.Of(random, [content]);
        return random.Next(4) == 0 ? content : [.. content, .. SHA256.HashData(content)];
    }

    private static void Tensors(string path)
    {
        using var content = SafetensorsFile.Read(path);
        foreach (var entry in content.Entries)
        {
            if (entry.Dtype == "F32") content.ToArray<float>(entry.Name);
            else if (entry.Dtype == "F64") content.ToArray<double>(entry.Name);
        }
    }

    private static void State(FuzzFolder folder, byte[] input)
    {
        folder.Keep("checkpoint/weights-00000004.safetensors", () => Stored.Seed("weights-00000004.safetensors"));
        folder.Write("checkpoint/state.json", input);
        Checkpoint.FeaturesOf(folder["checkpoint"], layers: 2, members: 2);
    }
}
