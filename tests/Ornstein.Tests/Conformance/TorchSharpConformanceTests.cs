using System.Runtime.InteropServices;
using TorchSharp;
using static Ornstein.Tests.Conformance.Numbers;
using F = TorchSharp.torch.nn.functional;

#pragma warning disable RS0030 // TorchSharp's own operations are what is checked

namespace Ornstein.Tests.Conformance;

/// <summary>Every operation that the product relies on, against plain C#: what an upgrade of TorchSharp must not change.</summary>
public sealed class TorchSharpConformanceTests : IDisposable
{
    private const double LeakySlope = 0.01;

    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public static TheoryData<string, Func<torch.Tensor, torch.Tensor>, Func<double, double>> Functions => new()
    {
        { "softplus", x => F.softplus(x), x => Math.Log(1 + Math.Exp(x)) },
        { "leaky_relu", x => F.leaky_relu(x, LeakySlope), x => x > 0 ? x : LeakySlope * x },
        { "sigmoid", torch.sigmoid, x => 1 / (1 + Math.Exp(-x)) },
        { "tanh", torch.tanh, Math.Tanh },
        { "relu", x => F.relu(x), x => Math.Max(x, 0) },
        { "elu", x => F.elu(x, 1.0), x => x > 0 ? x : Math.Exp(x) - 1 },
        { "gelu", x => F.gelu(x), x => x * NormalCdf(x) },
        { "silu", x => F.silu(x), x => x / (1 + Math.Exp(-x)) },
        { "log", x => torch.log(x.abs()), x => Math.Log(Math.Abs(x)) },
        { "exp", torch.exp, Math.Exp },
        { "sqrt", x => torch.sqrt(x.abs()), x => Math.Sqrt(Math.Abs(x)) },
        { "square", x => x.square(), x => x * x },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Functions), DisableDiscoveryEnumeration = true)]
    public void Elementwise_AnyValue_IsTheTextbookFunction(
        string name, Func<torch.Tensor, torch.Tensor> function, Func<double, double> textbook)
    {
        float[] values = Wave(37);

        Assert.NotEmpty(name);
        AssertClose(values.Select(x => textbook(x)), function(Tensor(values, 37)));
    }

    [Theory]
    [InlineData(1000f, 1000.0)]
    [InlineData(-1000f, 0.0)]
    [InlineData(25f, 25.0)]
    public void Softplus_FarFromZero_DoesNotOverflow(float x, double expected) =>
        AssertClose([expected], F.softplus(torch.tensor([x])));

    [Fact]
    public void Bmm_Contiguous_IsTheMatrixProduct()
    {
        float[] a = Wave(3 * 4 * 5), b = Wave(3 * 5 * 2, phase: 9);

        AssertClose(Bmm(a, b, 3, 4, 5, 2), torch.bmm(Tensor(a, 3, 4, 5), Tensor(b, 3, 5, 2)));
    }

    [Fact]
    public void Bmm_WeightsAreAViewOfAFlatBuffer_IsTheMatrixProduct()
    {
        const int members = 3, parameters = 50, offset = 7;
        float[] flat = Wave(members * parameters), x = Wave(members * 4 * 5, phase: 3);
        float[] weights = [.. flat.Chunk(parameters).SelectMany(member => member[offset..(offset + 10)])];
        torch.Tensor view = Tensor(flat, members, parameters).narrow(1, offset, 10).view(members, 5, 2);

        Assert.False(view.is_contiguous());
        AssertClose(Bmm(x, weights, members, 4, 5, 2), torch.bmm(Tensor(x, members, 4, 5), view));
        AssertClose(Bmm(x, weights, members, 4, 5, 2), torch.matmul(Tensor(x, members, 4, 5), view));
    }

    [Fact]
    public void Sum_OverAxes_AddsThemUp()
    {
        float[] x = Wave(24);
        torch.Tensor tensor = Tensor(x, 2, 3, 4);

        AssertClose(Enumerable.Range(0, 12).Select(i => (double)x[i] + x[12 + i]), tensor.sum(0L));
        AssertClose(x.Chunk(12).Select(part => part.Sum(v => (double)v)), tensor.sum(new long[] { 1, 2 }));
        AssertClose(x.Chunk(4).Select(part => part.Sum(v => (double)v)), tensor.sum(-1));
        AssertClose([x.Sum(v => (double)v)], tensor.sum([]).reshape(1));
        Assert.Equal([2, 1, 4], tensor.sum(1, keepdim: true).shape);
    }

    [Fact]
    public void Mean_OverAxes_AveragesThem()
    {
        float[] x = Wave(24);
        torch.Tensor tensor = Tensor(x, 2, 3, 4);

        AssertClose(x.Chunk(12).Select(part => part.Average(v => (double)v)), tensor.mean([1, 2]));
        AssertClose([x.Average(v => (double)v)], tensor.mean().reshape(1));
    }

    [Fact]
    public void IndexSelect_RowsInAnyOrder_CopiesThem()
    {
        float[] x = Wave(12);
        torch.Tensor rows = torch.tensor(new long[] { 3, 0, 3 });

        AssertClose([.. x[9..12], .. x[0..3], .. x[9..12]], Tensor(x, 4, 3).index_select(0, rows));
    }

    [Fact]
    public void ExpandReshapeNarrowCatChunk_AnyTensor_MoveElementsAndNoValues()
    {
        float[] x = Wave(6);
        torch.Tensor tensor = Tensor(x, 2, 3);

        AssertClose([.. x, .. x], tensor.unsqueeze(0).expand(2, 2, 3));
        AssertClose([x[0], x[3], x[1], x[4], x[2], x[5]], tensor.transpose(0, 1).reshape(6));
        AssertClose([x[1], x[2], x[4], x[5]], tensor.narrow(1, 1, 2));
        AssertClose([.. x[0..3], .. x[0..3], .. x[3..6], .. x[3..6]], torch.cat([tensor, tensor], 1));
        torch.Tensor[] chunks = torch.cat([tensor, tensor], 1).chunk(2, 1);
        Assert.Equal(2, chunks.Length);
        AssertClose(x.Select(v => (double)v), chunks[1]);
    }

    [Fact]
    public void BinaryCrossEntropyWithLogits_NoReduction_IsNegativeLogLikelihoodOfEachPixel()
    {
        float[] logits = [.. Wave(10), 80f, -80f], targets = [0, 1, 0, 1, 1, 0, 0.25f, 1, 0, 1, 0, 1];
        IEnumerable<double> expected = logits.Zip(
            targets, (l, t) => Math.Max(l, 0) - ((double)l * t) + Math.Log(1 + Math.Exp(-Math.Abs(l))));

        AssertClose(
            expected,
            F.binary_cross_entropy_with_logits(torch.tensor(logits), torch.tensor(targets), reduction: torch.nn.Reduction.None));
    }

    [Fact]
    public void ToType_Bytes_BecomeTheSameFloats()
    {
        byte[] bytes = [0, 1, 127, 128, 255];

        AssertClose(bytes.Select(b => (double)b), torch.tensor(bytes).to_type(torch.ScalarType.Float32));
        Assert.Equal(torch.ScalarType.Float32, (torch.tensor(bytes).to_type(torch.ScalarType.Float32) / 255f).dtype);
    }

    [Fact]
    public void DataAndBytes_NativeMemory_AreReadAndWrittenInPlace()
    {
        float[] x = Wave(6);
        torch.Tensor tensor = Tensor(x, 2, 3);
        Span<float> span = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        span[5] = 9;

        Assert.Equal([.. x[..5], 9f], tensor.data<float>().ToArray());
        Assert.Equal([x[0], x[3], x[1], x[4], x[2], 9f], tensor.t().data<float>().ToArray());
    }

    [Fact]
    public void SetNumThreads_AnyCount_IsWhatGetNumThreadsSays()
    {
        int before = torch.get_num_threads();
        torch.set_num_threads(1);
        int one = torch.get_num_threads();
        torch.set_num_threads(before);

        Assert.Equal((1, before), (one, torch.get_num_threads()));
    }

    // Marsaglia's series for the normal distribution, which converges fast for such small x.
    private static double NormalCdf(double x)
    {
        double term = x, sum = x;
        for (int k = 1; k < 60; k++)
        {
            term *= x * x / (2 * k + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
