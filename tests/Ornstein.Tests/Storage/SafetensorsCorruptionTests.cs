using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Ornstein.Storage;

namespace Ornstein.Tests.Storage;

/// <summary>Whatever a file holds, reading it gives its content or one line that names the file.</summary>
public sealed class SafetensorsCorruptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 0, "not valid JSON")]
    [InlineData("[]", 0, "not valid JSON")]
    [InlineData(" {}", 0, "not valid JSON")]
    [InlineData("{", 0, "not valid JSON")]
    [InlineData("{} {}", 0, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{}}""", 1, "twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"\u0061":{}}""", 1, "twice")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4, "not valid JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not text")]
    [InlineData("""{"__metadata__":3}""", 0, "not an object")]
    [InlineData("""{}""", 1, "take 0 bytes")]
    [InlineData("""{"a":3}""", 0, "needs a dtype")]
    [InlineData("""{"a":{"shape":[],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":4,"shape":[],"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":4,"data_offsets":[0,4]}}""", 4, "needs a dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "not negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F31'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "do not make the shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}}""", 5, "do not make the shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "do not make the shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,4]}}""", 4, "do not make the shape")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "do not make the shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "lie at 4 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "outside the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "take 4 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1, "gap")]
    [InlineData("""{"a\n\u2028b":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "'a\\x0a\\u2028b'")]
    public void Read_HeaderThatLies_SaysWhatIsWrong(string header, int dataLength, string expected)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = [.. new byte[8], .. json, .. new byte[dataLength]];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        File.WriteAllBytes(Target, file);

        string message = Refusal().Message;
        Assert.Contains(expected, message);
        Assert.Contains($"'{Target}'", message);
        AssertOneLine(message);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    [InlineData(3UL)]
    public void Read_HeaderLengthBeyondTheFile_SaysSo(ulong length)
    {
        var file = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        File.WriteAllBytes(Target, file);

        string message = Refusal().Message;
        Assert.Contains($"states a header of {length} bytes", message);
    }

    [Fact]
    public void Read_HeaderNotUtf8_SaysSo()
    {
        byte[] json = [.. "{\""u8, 0xff, .. "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"u8];
        File.WriteAllBytes(Target, [(byte)json.Length, 0, 0, 0, 0, 0, 0, 0, .. json]);

        Assert.Contains("not valid JSON", Refusal().Message);
    }

    [Fact]
    public void Read_MissingFileOrFolder_SaysSo()
    {
        Assert.Equal(
            $"Cannot read '{Target}': there is no such file.", Refusal().Message);
        Assert.Equal(
            $"Cannot read '{_folder.Path}': it is a folder.",
            Assert.Throws<OrnsteinException>(() => SafetensorsFile.Read(_folder.Path)).Message);
    }

    [Fact]
    public void Read_CutShortAtAnyLength_IsRefused()
    {
        byte[] sound = Sound();
        for (int length = 0; length < sound.Length; length++)
        {
            File.WriteAllBytes(Target, sound[..length]);
            AssertOneLine(Refusal().Message);
        }
    }

    [Fact]
    public void CopyTo_CutShortAfterOpening_IsRefused()
    {
        File.WriteAllBytes(Target, Sound());
        using SafetensorsContent content = SafetensorsFile.Read(Target);
        using (var file = new FileStream(Target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            file.SetLength(80);

        Assert.Contains("cut short", Assert.Throws<OrnsteinException>(() => content.ToArray<float>("a")).Message);
    }

    [Fact]
    public void Read_RandomCorruption_GivesContentOrOneLine()
    {
        byte[] sound = Sound();
        Gen<(int, byte)[]> flips = Gen.Select(
            Gen.Int[0, sound.Length - 1], Gen.OneOf(Gen.Byte, Gen.Const((byte)'"'), Gen.Byte[(byte)'0', (byte)'9'])).Array[1, 4];
        flips.Sample(places =>
        {
            byte[] bytes = [.. sound];
            foreach ((int index, byte value) in places) bytes[index] = value;
            File.WriteAllBytes(Target, bytes);
            try
            {
                using SafetensorsContent content = SafetensorsFile.Read(Target);
                foreach (SafetensorsEntry entry in content.Entries.Where(entry => entry.Dtype == "F32")) content.ToArray<float>(entry.Name);
            }
            catch (OrnsteinException error)
            {
                AssertOneLine(error.Message);
            }
        }, iter: 3000, threads: 1);
    }

    private OrnsteinException Refusal() => Assert.Throws<OrnsteinException>(() => SafetensorsFile.Read(Target));

    private static void AssertOneLine(string message) =>
        Assert.DoesNotContain(message, character => char.IsControl(character) || character is '\u2028' or '\u2029');

    private byte[] Sound()
    {
        SafetensorsFile.Write(
            Target,
            [SafetensorsTensor.Create<float>("a", [2, 3], new float[6]), SafetensorsTensor.Create<double>("b", [], new[] { 1.0 })],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["k"] = "v" });
        return File.ReadAllBytes(Target);
    }
}
