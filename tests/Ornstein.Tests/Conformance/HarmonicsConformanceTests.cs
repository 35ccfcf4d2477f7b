using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable RS0030 // TorchSharp's own operations are what is checked

namespace Ornstein.Tests.Conformance;

/// <summary>The operations that the harmonics rely on.</summary>
public sealed class HarmonicsConformanceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Roll_AlongAnAxis_MovesElementsAroundItsEnd() =>
        Assert.Equal([2f, 0, 1, 5, 3, 4], arange(6, dtype: ScalarType.Float32).reshape(2, 3).roll(1, 1).data<float>().ToArray());

    [Fact]
    public void AutogradGrad_OfASum_IsTheGradientAndTouchesNoOtherLeaf()
    {
        var x = tensor([1f, 2, 3]).requires_grad_();
        var w = tensor([2f, 5, 7]).requires_grad_();
        var y = w * x.square();
        var gradient = autograd.grad([y.sum([])], [x], retain_graph: true, allow_unused: true)[0];
        Assert.Equal([4f, 20, 42], gradient.data<float>().ToArray());
        Assert.Null(w.grad);
        Assert.Equal([4f, 20, 42], autograd.grad([y.sum([])], [x])[0].data<float>().ToArray()); // the graph is still there
    }

    [Fact]
    public void Matmul_Batched_MultipliesTheLastTwoAxes()
    {
        var a = arange(12, dtype: ScalarType.Float64).reshape(2, 1, 2, 3);
        var product = matmul(a, a.transpose(-1, -2));
        Assert.Equal([5.0, 14, 14, 50, 149, 212, 212, 302], product.reshape(-1).data<double>().ToArray());
    }

    [Fact]
    public void DivFloor_OfIntegers_IsAnInteger() => Assert.Equal(
        [0L, 0, 1, 1, 2], arange(5, dtype: ScalarType.Int64).div(2, RoundingMode.floor).data<long>().ToArray());
}
