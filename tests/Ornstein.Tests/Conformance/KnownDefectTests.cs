using TorchSharp;
using static Ornstein.Tests.Conformance.Numbers;

// Each test pins a wrong result of TorchSharp 0.107.0, for which BannedSymbols.txt bans the call: it must be called here.
#pragma warning disable RS0030

namespace Ornstein.Tests.Conformance;

/// <summary>
/// Wrong results of TorchSharp that give no error. A test that fails here is good news: the defect is mended, and the ban on the
/// call in BannedSymbols.txt can go.
/// </summary>
public sealed class KnownDefectTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Baddbmm_AsDocumented_TakesItsArgumentsInAnotherOrder()
    {
        float[] input = Wave(8), batch1 = Wave(8, phase: 2), batch2 = Wave(8, phase: 5);
        torch.Tensor i = Tensor(input, 2, 2, 2), b1 = Tensor(batch1, 2, 2, 2), b2 = Tensor(batch2, 2, 2, 2);
        IEnumerable<double> wrong = Bmm(input, batch1, 2, 2, 2, 2).Zip(batch2, (product, b) => product + b);

        AssertClose(wrong, i.baddbmm(b1, b2));
        AssertClose(wrong, torch.baddbmm(i, b1, b2));
    }

    [Fact]
    public void SumAndProd_OfLiteralZero_BindItToTheDtypeByte()
    {
        torch.Tensor x = Tensor([1.5f, 2.5f, 3.5f, 4.5f], 2, 2);

        foreach (torch.Tensor wrong in new[] { x.sum(0), x.prod(0), torch.sum(x, 0), torch.prod(x, 0) })
        {
            Assert.Equal(torch.ScalarType.Byte, wrong.dtype);
            Assert.Equal(0, wrong.dim());
        }

        Assert.Equal([2], x.sum(0L).shape);
        Assert.Equal([2], x.prod(0L).shape);
    }

    [Fact]
    public void GaussianNllLoss_Backward_GivesTheVarianceNoGradient()
    {
        torch.Tensor mean = torch.zeros(3, requires_grad: true), variance = torch.full([3], 2f, requires_grad: true);
        torch.nn.functional.gaussian_nll_loss(mean, torch.ones(3), variance).backward();

        Assert.NotNull(mean.grad);
        Assert.Null(variance.grad);
    }

    [Fact]
    public void Equal_OfTensors_IsElementwise()
    {
        torch.Tensor x = torch.tensor([1f, 2f]), y = torch.tensor([1f, 3f]);

        Assert.Equal([true, false], x.equal(y).data<bool>().ToArray());
        Assert.Equal([true, false], torch.equal(x, y).data<bool>().ToArray());
    }

    [Fact]
    public void Using_OnTheResultOfAnInPlaceOperation_DisposesTheTensorItself()
    {
        torch.Tensor x = torch.ones(3);
        using (x.add_(1))
        {
            Assert.False(x.IsInvalid);
        }

        Assert.True(x.IsInvalid);
    }
}
