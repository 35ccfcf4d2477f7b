using Ornstein.Kernels;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>What the variance of a Gaussian likelihood does.</summary>
public enum GaussianVariance
{
    /// <summary><see cref="GaussianLikelihood.Variance"/>.</summary>
    Fixed,

    /// <summary>A parameter shared by all features, from <see cref="GaussianLikelihood.Variance"/> on.</summary>
    Learned,

    /// <summary>
    /// The best there is for each batch, its mean squared error (Rybkin et al. 2021, "Simple and Effective VAE Training with Calibrated Decoders");
    /// a running mean of it is kept for evaluation.
    /// </summary>
    Analytic,
}

/// <summary>N(output, eta^2 I): real numbers, of which the decoder gives the means.</summary>
/// <param name="Variance">eta^2, positive.</param>
/// <param name="Kind">Whether it stays.</param>
public sealed record GaussianLikelihood(double Variance = 1, GaussianVariance Kind = GaussianVariance.Fixed) : IFusedLikelihood
{
    private const string Learned = "logvariance", Running = "variance";

    /// <inheritdoc/>
    public string Name => "gaussian";

    /// <inheritdoc/>
    public IReadOnlyList<PartParameter> Parameters => Kind switch
    {
        GaussianVariance.Fixed => [],
        GaussianVariance.Learned => [new(Learned, 1, Math.Log(Variance))],
        GaussianVariance.Analytic => [new(Running, 1, Variance, IsTrained: false)],
        _ => throw new InvalidOperationException($"{Kind} is no kind of variance."),
    };

    /// <inheritdoc/>
    public bool DependsOnBatch => Kind == GaussianVariance.Analytic;

    /// <inheritdoc/>
    public int Outputs(int features) => features;

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        var (squares, features) = ((x - output).Squared().sum([-1L]), output.shape[^1]);
        if (Kind == GaussianVariance.Fixed) return -squares.Times(0.5 / Variance).Plus(0.5 * features * Math.Log(2 * Math.PI * Variance));
        var variance = Kind == GaussianVariance.Learned ? state[Learned].exp()
            : state.IsTraining ? squares.mean([1L], keepdim: true).Over(features) : state[Running];
        if (Kind == GaussianVariance.Analytic) state.Note(Running, variance);
        return (squares / variance).Plus(variance.Times(2 * Math.PI).log().Times(features)).Times(-0.5);
    }

    /// <inheritdoc/>
    public Tensor Mean(Tensor output) => output;

    /// <inheritdoc/>
    public Tensor Sample(Tensor output, PartState state, StackNoise noise, string place)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(noise);
        var eps = noise.Normal(place, output.shape[1], output.shape[2]);
        if (Kind == GaussianVariance.Fixed) return output.Plus(eps.Times(Math.Sqrt(Variance)));
        var variance = Kind == GaussianVariance.Learned ? state[Learned].exp() : state[Running];
        return output.Plus(eps * variance.sqrt().unsqueeze(-1));
    }

    /// <inheritdoc/>
    public double[] OutputOf(IReadOnlyList<double> mean) => [.. mean];

    /// <inheritdoc/>
    public void Validate()
    {
        if (!(Variance > 0 && double.IsFinite(Variance))) throw new OrnsteinException($"decoder variance is {Variance}; it must be a positive number.");
        if (!Enum.IsDefined(Kind)) throw new InvalidOperationException($"{Kind} is no kind of variance.");
    }

    /// <inheritdoc/>
    /// <remarks>With <see cref="Variance"/>, whatever <see cref="Kind"/> says: a variance that moves is given as the parameter.</remarks>
    public unsafe double NegativeLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, float weight, Span<float> gradient)
    {
        fixed (float* means = output, data = x, target = gradient)
        {
            var squares = LikelihoodKernels.SquaredError(means, data, output.Length, (float)(weight / Variance), target);
            return (squares / (2 * Variance)) + (output.Length / features * 0.5 * features * Math.Log(2 * Math.PI * Variance));
        }
    }

    /// <inheritdoc/>
    public unsafe void AddLogProbability(ReadOnlySpan<float> output, ReadOnlySpan<float> x, int features, int samples, Span<float> sums)
    {
        fixed (float* means = output, data = x, target = sums) RowKernels.AddGaussian(means, data, Variance, features, sums.Length, samples, target);
    }

    /// <inheritdoc/>
    public unsafe double NegativeLogProbability(
        ReadOnlySpan<float> output, ReadOnlySpan<float> x, ReadOnlySpan<float> own, float weight, Span<float> gradient, Span<float> ownGradient)
    {
        if (Kind == GaussianVariance.Fixed) return NegativeLogProbability(output, x, x.Length, weight, gradient);
        var variance = Kind == GaussianVariance.Learned ? Math.Exp(own[0]) : own[0];
        fixed (float* means = output, data = x, target = gradient)
        {
            var share = LikelihoodKernels.SquaredError(means, data, output.Length, (float)(weight / variance), target) / (2 * variance);
            if (!ownGradient.IsEmpty) ownGradient[0] = (float)(weight * ((0.5 * x.Length) - share)); // by the logarithm of the variance
            return share + (0.5 * x.Length * Math.Log(2 * Math.PI * variance));
        }
    }

    /// <inheritdoc/>
    public unsafe double Fitted(ReadOnlySpan<float> output, ReadOnlySpan<float> x)
    {
        fixed (float* means = output, data = x) return LikelihoodKernels.SquaredError(means, data, output.Length, 0, null) / x.Length;
    }
}
