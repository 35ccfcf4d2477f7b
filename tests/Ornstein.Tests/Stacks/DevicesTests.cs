using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Tests.Stacks;

public class DevicesTests
{
    [Theory]
    [InlineData("cpu", true)]
    [InlineData("cuda", true)]
    [InlineData("cuda:0", true)]
    [InlineData("cuda:12", true)]
    [InlineData("cuda:", false)]
    [InlineData("cuda:-1", false)]
    [InlineData("cuda:x", false)]
    [InlineData("CUDA", false)]
    [InlineData("gpu", false)]
    [InlineData("", false)]
    public void IsName_AnyText_KnowsTheProcessorAndCards(string name, bool expected) => Assert.Equal(expected, Devices.IsName(name));

    [Fact]
    public void Of_EveryDeviceThatThereIs_HoldsTensors()
    {
        Assert.Equal(Devices.Processor, Devices.All[0]);
        foreach (var name in Devices.All)
        {
            using var made = ones(2, device: Devices.Of(name));
            Assert.Equal(name, made.device.ToString());
        }
    }

    [Fact]
    public void Of_NoName_SaysWhatItCanBe()
    {
        var error = Assert.Throws<OrnsteinException>(() => Devices.Of("gpu"));
        Assert.Equal("there is no device 'gpu'; it can be cpu, cuda, or cuda:1 for the second card.", error.Message);
    }

    [Theory]
    [InlineData("cuda", false, true, 0, "this build has it for the processor only; build with -p:TorchBackend=cuda (docs/packaging.md), or take the device cpu")]
    [InlineData("cuda", true, false, 0, "needs a driver of NVIDIA, and none is found here")]
    [InlineData("cuda", true, true, 0, "libtorch has CUDA and finds no card")]
    [InlineData("cuda:1", true, true, 1, "there is no device 'cuda:1'; here is one, cuda:0;")]
    [InlineData("cuda:4", true, true, 4, "there is no device 'cuda:4'; here are cuda:0 to cuda:3;")]
    public void Missing_SomethingIs_SaysWhichAndWhatWouldBeRight(string name, bool hasCuda, bool hasDriver, int count, string expected)
    {
        var missing = Devices.Missing(name, hasCuda, hasDriver, count);
        Assert.Contains(expected, missing, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", missing, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing!);
    }

    [Theory]
    [InlineData("cuda", 1)]
    [InlineData("cuda:1", 2)]
    public void Missing_Nothing_IsNull(string name, int count) => Assert.Null(Devices.Missing(name, true, true, count));
}
