using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

public class SkipConnectionTests
{
    private const int Rows = 20;

    [Theory]
    [InlineData(ModelKind.Chain, false)]
    [InlineData(ModelKind.InferenceSkips, false)]
    [InlineData(ModelKind.GenerativeSkips, true)]
    [InlineData(ModelKind.LadderWithSkips, true)]
    public void Generative_AnyLayer_ReadsAllLayersAboveWhereItSkips(ModelKind kind, bool skips)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create(kind);
        var samples = vae.Options.Units.Select((units, i) => RandomKey.FromSeed(i).Normal(1, Rows, units)).ToArray();
        for (var moved = 0; moved < 3; moved++)
        {
            Tensor[] others = [.. samples];
            others[moved] = samples[moved].Plus(0.1);
            for (var link = 0; link < 2; link++)
            {
                var difference = (vae.Generative(link, others).Mean - vae.Generative(link, samples).Mean).abs();
                AssertReads(moved == link + 1 || (skips && moved > link), difference);
            }

            AssertReads(moved == 0 || skips, (vae.Decode(others) - vae.Decode(samples)).abs());
        }
    }

    [Theory]
    [InlineData(ModelKind.Chain, false)]
    [InlineData(ModelKind.GenerativeSkips, false)]
    [InlineData(ModelKind.InferenceSkips, true)]
    [InlineData(ModelKind.BothSkips, true)]
    [InlineData(ModelKind.Ladder, true)]
    public void Infer_UpperLayers_ReadTheDataBesideTheLayerBelow(ModelKind kind, bool reads)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create(kind);
        // A chain's z1 that knows nothing of x: what the layers above then know of it they read themselves.
        if (kind != ModelKind.Ladder) LinearGaussian.Set(vae, "q1.output.weight", 0);
        var x = RandomKey.FromSeed(1).Uniform(1, Rows, TinyStack.Features);
        InferencePass Pass(Tensor data) => vae.Infer(data, StackNoise.Shared(RandomKey.FromSeed(2)));
        var (one, other) = (Pass(x), Pass(x.neg().Plus(1)));
        for (var layer = 1; layer < 3; layer++) AssertReads(reads, (one.Layers[layer].Mean - other.Layers[layer].Mean).abs());
    }

    [Fact]
    public void LogRatio_SkipsBothWays_IsTheSumOfLogDensitiesByHand()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create(ModelKind.BothSkips);
        var x = RandomKey.FromSeed(1).Uniform(1, Rows, TinyStack.Features);
        var pass = vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(2)));
        var (z1, z2, z3) = (pass.Samples[0], pass.Samples[1], pass.Samples[2]);
        DiagonalGaussian Network(GaussianNetwork network, params Tensor[] inputs) => network.Forward(vae.Parameters, cat(inputs, -1));
        var (q, p) = (vae.Networks.Q, vae.Networks.P);
        var expected = new double[Rows];
        Add(Network(q[0], x), z1, 1);
        Add(Network(q[1], z1, x), z2, 1);
        Add(Network(q[2], z2, x), z3, 1);
        Add(Network(p[0], z2, z3), z1, -1);
        Add(Network(p[1], z3), z2, -1);
        Add(new DiagonalGaussian(zeros_like(z3), ones_like(z3)), z3, -1);
        var actual = vae.LogRatio(pass)[0].data<float>().ToArray();
        for (var row = 0; row < Rows; row++) Assert.Equal(expected[row], actual[row], 1e-4); // float: sums of 18 terms of a few nats

        void Add(DiagonalGaussian gaussian, Tensor z, int sign)
        {
            for (var row = 0; row < Rows; row++)
            {
                for (var unit = 0; unit < z.shape[2]; unit++)
                {
                    double m = gaussian.Mean[0, row, unit].item<float>(), s = gaussian.StandardDeviation[0, row, unit].item<float>();
                    var eps = (z[0, row, unit].item<float>() - m) / s;
                    expected[row] += sign * ((-0.5 * eps * eps) - Math.Log(s) - (0.5 * Math.Log(2 * Math.PI)));
                }
            }
        }
    }

    private static HierarchicalVae Create(ModelKind kind) => kind.Create(TinyStack.Model, [new Member(1, 3)], new SmoothingOptions(), spread: 0.3);

    // A network that does not read something gives the same bits.
    private static void AssertReads(bool reads, Tensor difference) => Assert.Equal(reads, difference.max().item<float>() > 0);
}
