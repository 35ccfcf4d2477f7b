using TorchSharp;

namespace Ornstein.Tests;

public class SmokeTests
{
    [Fact]
    public void Torch_OnThisMachine_Loads() => Assert.Equal(3, torch.ones(3).sum([]).item<float>());
}
