using TorchSharp;
using static Ornstein.Tests.Conformance.Numbers;

#pragma warning disable RS0030 // TorchSharp's own operations are what is checked

namespace Ornstein.Tests.Conformance;

/// <summary>Gradients, where they land, and how long tensors live.</summary>
public sealed class GradientConformanceTests : IDisposable
{
    private const int Members = 2, Parameters = 20, Offset = 3;

    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Backward_GradIsAViewOfAFlatBuffer_AccumulatesThereInPlace()
    {
        float[] x = Wave(Members * 4 * 3);
        torch.Tensor flat = Tensor(Wave(Members * Parameters), Members, Parameters), flatGrad = torch.zeros_like(flat);
        torch.Tensor weights = View(flat).requires_grad_(true);
        weights.grad = View(flatGrad);

        Assert.True(weights.is_leaf);
        double[] expected = new double[Members * Parameters];
        for (int repeat = 1; repeat <= 2; repeat++)
        {
            torch.bmm(Tensor(x, Members, 4, 3), weights).sum([]).backward();
            for (int m = 0; m < Members; m++)
                for (int i = 0; i < 6; i++)
                    expected[(m * Parameters) + Offset + i] += Enumerable.Range(0, 4).Sum(row => x[(((m * 4) + row) * 3) + (i / 2)]);
            AssertClose(expected, flatGrad);
        }

        flatGrad.fill_(7);
        AssertClose(Enumerable.Repeat(7.0, Members * 6), weights.grad!);
    }

    [Fact]
    public void InPlaceUpdate_OfTheFlatBuffer_IsSeenByTheLeaves()
    {
        torch.Tensor flat = Tensor(Wave(Members * Parameters), Members, Parameters);
        torch.Tensor weights = View(flat).requires_grad_(true);
        using (torch.no_grad()) flat.mul_(2);

        AssertClose(Wave(Parameters).AsEnumerable().Skip(Offset).Take(6).Select(v => 2.0 * v), weights.select(0, 0));
        weights.square().sum([]).backward();
        AssertClose(Wave(Parameters).AsEnumerable().Skip(Offset).Take(6).Select(v => 4.0 * v), weights.grad!.select(0, 0));
    }

    [Fact]
    public void NoGrad_Inside_RecordsNothing()
    {
        torch.Tensor x = torch.ones(3, requires_grad: true);
        torch.Tensor inside;
        using (torch.no_grad()) inside = x * 2;

        Assert.False(inside.requires_grad);
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void CustomFunction_Backward_IsWhatReachesTheLeaf()
    {
        torch.Tensor x = Tensor(Wave(5), 5).requires_grad_(true);
        torch.Tensor y = TimesThreeWithGradientOfSquare.apply(x);
        y.sum([]).backward();

        AssertClose(Wave(5).Select(v => 3.0 * v), y);
        AssertClose(Wave(5).Select(v => 2.0 * v), x.grad!);
    }

    [Fact]
    public void Grad_OfChosenInputs_LeavesTheLeavesAlone()
    {
        torch.Tensor x = Tensor(Wave(5), 5).requires_grad_(true);
        torch.Tensor gradient = torch.autograd.grad([x.square().sum([])], [x])[0];

        AssertClose(Wave(5).Select(v => 2.0 * v), gradient);
        Assert.Null(x.grad);
    }

    [Fact]
    public void DisposeScope_AStep_LeavesNoTensorAlive()
    {
        torch.Tensor weights = torch.ones([3, 3], requires_grad: true);
        weights.grad = torch.zeros(3, 3);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int step = 0; step < 3; step++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            weights.square().sum([]).backward();
            Assert.Same(scope, torch.CurrentDisposeScope);
            Assert.True(DisposeScopeManager.Statistics.ThreadTotalLiveCount > before);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        AssertClose(Enumerable.Repeat(6.0, 9), weights.grad!);
    }

    [Fact]
    public void DisposeScope_MovedOut_LivesOn()
    {
        torch.Tensor kept, dropped;
        using (torch.NewDisposeScope())
        {
            dropped = torch.ones(3);
            kept = (dropped * 2).MoveToOuterDisposeScope();
        }

        Assert.True(dropped.IsInvalid);
        AssertClose([2, 2, 2], kept);
    }

    private static torch.Tensor View(torch.Tensor flat) => flat.narrow(1, Offset, 6).view(Members, 3, 2);

    private sealed class TimesThreeWithGradientOfSquare : torch.autograd.SingleTensorFunction<TimesThreeWithGradientOfSquare>
    {
        public override string Name => nameof(TimesThreeWithGradientOfSquare);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (torch.Tensor)vars[0];
            ctx.save_for_backward([x]);
            return x * 3;
        }

        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0] * 2];
    }
}
