using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

#pragma warning disable RS0030 // TorchSharp's own operations are the truth here

namespace Ornstein.Tests.Tensors;

/// <summary>Results of <see cref="TensorArithmetic"/> and its neighbours are TorchSharp's own, in every bit of values and gradients, and in type.</summary>
public class TensorArithmeticTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Ours, Func<Tensor, Tensor> TorchSharps)> _pairs = new(StringComparer.Ordinal)
    {
        ["Plus tensor"] = (x => x.Plus(Other(x)), x => x + Other(x)),
        ["Plus scaled tensor"] = (x => x.Plus(Other(x), 3), x => x.add(Other(x), 3)),
        ["Plus whole"] = (x => x.Plus(3), x => 3 + x),
        ["Plus real"] = (x => x.Plus(0.7), x => x + 0.7),
        ["Minus whole"] = (x => x.Minus(2), x => x - 2),
        ["Minus real"] = (x => x.Minus(0.7f), x => x - 0.7f),
        ["From whole"] = (x => x.neg().Plus(1), x => 1 - x),
        ["Times whole"] = (x => x.Times(3L), x => 3L * x),
        ["Times real"] = (x => x.Times(1.1), x => x * 1.1),
        ["Over whole"] = (x => x.Over(7), x => x / 7),
        ["Over real"] = (x => x.Over(0.3), x => x.div(0.3)),
        ["Squared"] = (x => x.Squared(), x => x.square()),
        ["Power"] = (x => x.Power(3), x => x.pow(3)),
        ["AtLeast"] = (x => x.AtLeast(1), x => x.clamp(min: 1)),
        ["AtMost"] = (x => x.AtMost(1), x => x.clamp_max(1)),
        ["Between"] = (x => x.Between(1, 2), x => x.clamp(1, 2)),
        ["Masked"] = (x => x.Masked(x.detach().IsAbove(0), 5), x => x.masked_fill(x.detach() > 0, 5)),
        ["PlusProduct"] = (x => x.PlusProduct(x, Other(x)), x => addcmul(x, x, Other(x), 1)),
        ["Add tensor"] = (x => x.clone().Add(Other(x)), x => x.clone().add_(Other(x))),
        ["Add number"] = (x => x.clone().Add(2), x => x.clone().add_(2)),
        ["Subtract"] = (x => x.clone().Subtract(2), x => x.clone().sub_(2)),
        ["Multiply"] = (x => x.clone().Multiply(3), x => x.clone().mul_(3)),
        ["Fill"] = (x => x.clone().Fill(4), x => x.clone().fill_(4)),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Ours, Func<Tensor, Tensor> TorchSharps)> _ofReals = new(StringComparer.Ordinal)
    {
        ["Divide"] = (x => x.clone().Divide(7), x => x.clone().div_(7)),
        ["Reciprocal"] = (x => x.reciprocal().Times(2.5), x => 2.5 / x),
        ["Softplus"] = (x => x.Softplus(), x => nn.functional.softplus(x)),
        ["LeakyRelu"] = (x => x.LeakyRelu(0.01), x => nn.functional.leaky_relu(x, 0.01)),
        ["LeakyRelu in place"] = (x => x.clone().LeakyRelu(0.01, inPlace: true), x => nn.functional.leaky_relu(x.clone(), 0.01, inplace: true)),
        ["Elu"] = (x => x.Elu(), x => nn.functional.elu(x, 1)),
    };

    public static TheoryData<string> Names => [.. _pairs.Keys, .. _ofReals.Keys];

    public static TheoryData<string> NamesOfAllTypes => [.. _pairs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Operation_OfRealNumbers_GivesTorchSharpsBitsAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var (ours, torchSharps) = _pairs.TryGetValue(name, out var pair) ? pair : _ofReals[name];
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var numbers = cat([RandomKey.FromSeed(1).Normal(4097).mul(tensor(12f)), tensor([0f, 20f, 20.5f, -90f, float.NaN, float.PositiveInfinity])], 0).to(type);
            var (first, second) = (numbers.clone().requires_grad_(), numbers.clone().requires_grad_());
            var (mine, other) = (ours(first), torchSharps(second));
            AssertSame(other, mine);
            mine.sum([]).backward();
            other.sum([]).backward();
            if (second.grad is { } gradient) AssertSame(gradient, first.grad!);
        }
    }

    [Theory]
    [MemberData(nameof(NamesOfAllTypes))]
    public void Operation_OfWholeNumbers_GivesTorchSharpsTypeAndValues(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Int64, ScalarType.Byte })
        {
            var x = tensor(new long[] { 0, 1, 2, 3, 100, 250 }).to(type);
            AssertSame(_pairs[name].TorchSharps(x), _pairs[name].Ours(x));
        }
    }

    [Fact]
    public void Comparison_WithANumber_IsTorchSharps()
    {
        using var scope = NewDisposeScope();
        var x = tensor([-1f, 0.5f, 1f, 2f, float.NaN]);
        AssertSame(x < 1, x.IsBelow(1));
        AssertSame(x <= 1, x.IsAtMost(1));
        AssertSame(x > 0.5, x.IsAbove(0.5));
        AssertSame(x >= 0.5, x.IsAtLeast(0.5));
        AssertSame(x.eq(2), x.Is(2));
    }

    [Fact]
    public void Verb_OfATensor_ChangesItAndGivesItBack()
    {
        using var x = ones(2);
        foreach (var same in new[] { x.Add(x), x.Add(1), x.Subtract(1), x.Multiply(2), x.Divide(4), x.LeakyRelu(0.1, inPlace: true) }) Assert.Same(x, same);
        Assert.Equal([1f, 1f], x.data<float>().ToArray());
        Assert.Same(x, x.Fill(5));
        Assert.Equal([5f, 5f], x.data<float>().ToArray());
    }

    [Fact]
    public void Creation_OfANumber_IsTorchSharps()
    {
        using var scope = NewDisposeScope();
        AssertSame(full([2, 3], 0.5), TensorCreation.Filled([2, 3], 0.5));
        AssertSame(full([3], 7), TensorCreation.Filled([3], 7)); // of whole numbers
        AssertSame(full([3], 7, dtype: ScalarType.Float64), TensorCreation.Filled([3], 7, ScalarType.Float64));
        AssertSame(full_like(zeros(2, 2, dtype: ScalarType.Float64), double.NaN), TensorCreation.FilledLike(zeros(2, 2, dtype: ScalarType.Float64), double.NaN));
        AssertSame(arange(5), TensorCreation.Counted(0, 5));
        AssertSame(arange(2, 11, 4, dtype: ScalarType.Float32), TensorCreation.Counted(2, 11, 4, ScalarType.Float32));
    }

    private static Tensor Other(Tensor x) => x.detach().flip(0);

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.detach().contiguous().bytes.SequenceEqual(actual.detach().contiguous().bytes), $"{expected} and {actual} differ");
    }
}
