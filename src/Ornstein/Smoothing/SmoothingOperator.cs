using Ornstein.Gaussians;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Smoothing;

/// <summary>
/// The Ornstein-Uhlenbeck (noise) operator on functions of a layer whose own Gaussian is N(m, s^2):
/// <code>(U_rho f)(z) = E_eps' f( m + rho (z - m) + sqrt(1 - rho^2) s eps' ),   eps' ~ N(0, I)</code>
/// estimated by the mean of f over K inner draws (see <see cref="SmoothingSampler"/>). In normalised Hermite polynomials of eps = (z - m) / s it multiplies the
/// coefficient of degree |a| by rho^|a|, so high frequencies go first. rho = 1 is the identity; there f is called once, on z itself.
/// Under <see cref="ReferenceMeasure.Standard"/> m = 0 and s = 1.
/// </summary>
public sealed class SmoothingOperator : IDisposable
{
    private readonly Tensor? _rho;        // [members, 1, 1, 1]
    private readonly Tensor? _complement; // sqrt(1 - rho^2), [members, 1, 1, 1]

    /// <summary>The operator of a stack, with a rho for each of its members.</summary>
    /// <param name="rho">Smoothing parameters in [0, 1], one per member.</param>
    /// <param name="options">Draws, sampler and reference measure.</param>
    /// <param name="device">Where it is applied; null for the processor.</param>
    /// <exception cref="OrnsteinException">A rho or the number of draws is out of range.</exception>
    public SmoothingOperator(IReadOnlyList<double> rho, SmoothingOptions options, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(rho);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        foreach (var value in rho)
        {
            if (!(value >= 0 && value <= 1)) throw new OrnsteinException($"rho is {value}; it must lie in [0, 1].");
        }

        Options = options;
        IsIdentity = rho.All(value => value == 1);
        if (IsIdentity) return;
        _rho = Column(rho, device ?? CPU);
        _complement = Column([.. rho.Select(value => Math.Sqrt((1 - value) * (1 + value)))], device ?? CPU);
    }

    /// <summary>Draws, sampler and reference measure.</summary>
    public SmoothingOptions Options { get; }

    /// <summary>Whether every member has rho = 1, so that applying the operator does nothing at all.</summary>
    public bool IsIdentity { get; }

    /// <summary>
    /// The smoothed parameters of a Gaussian: means and standard deviations of <paramref name="network"/>, each averaged over the draws.
    /// </summary>
    /// <param name="network">f: points [members, rows, units] to the parameters of a Gaussian [members, rows, outputs].</param>
    /// <param name="layer">The layer's own Gaussian, [members, batch, units].</param>
    /// <param name="z">The point at which U_rho f is wanted, [members, batch, units].</param>
    /// <param name="noise">Where the inner draws come from.</param>
    /// <param name="place">The name of this place in the program, for the noise.</param>
    /// <param name="isAffine">
    /// Whether the mean is affine in z and the standard deviation constant: f of the mean draw is then the mean of f: f is called once.
    /// </param>
    /// <returns>[members, batch, outputs].</returns>
    public DiagonalGaussian Apply(
        Func<Tensor, DiagonalGaussian> network, DiagonalGaussian layer, Tensor z, StackNoise noise, string place, bool isAffine = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(z);
        if (IsIdentity) return network(z);
        var (members, batch, units) = (z.shape[0], z.shape[1], z.shape[2]);
        var inner = isAffine
            ? InnerDraws.MakeMean(Options, noise, place, batch, units)
            : InnerDraws.Make(Options, noise, place, batch, units);
        var points = Points(layer, z, inner.Points).reshape(members, inner.Count * batch, units);
        var output = network(points);
        return new DiagonalGaussian(MeanOverDraws(output.Mean, batch, inner), MeanOverDraws(output.StandardDeviation, batch, inner));
    }

    /// <summary>The points m + rho (z - m) + sqrt(1 - rho^2) s eps', [members, draws, batch, units].</summary>
    /// <param name="layer">The layer's own Gaussian, [members, batch, units].</param>
    /// <param name="z">Points, [members, batch, units].</param>
    /// <param name="draws">eps' ~ N(0, I), [members or 1, draws, batch or 1, units].</param>
    public Tensor Points(DiagonalGaussian layer, Tensor z, Tensor draws)
    {
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(draws);
        if (_rho is null || _complement is null) return z.unsqueeze(1).expand(-1, draws.shape[1], -1, -1);
        var point = z.unsqueeze(1);
        switch (Options.Measure)
        {
            case ReferenceMeasure.Own:
                var m = layer.Mean.unsqueeze(1);
                var s = layer.StandardDeviation.unsqueeze(1);
                return lerp(m, point, _rho).PlusProduct(_complement * s, draws);
            case ReferenceMeasure.Standard:
                return (_rho * point).PlusProduct(_complement, draws);
            default:
                throw new InvalidOperationException($"{Options.Measure} is no reference measure.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rho?.Dispose();
        _complement?.Dispose();
    }

    // A standard deviation that does not depend on the input has one row: its mean over draws is itself.
    private static Tensor MeanOverDraws(Tensor output, long batch, InnerDraws inner)
    {
        if (output.shape[1] == 1) return output;
        var perDraw = output.reshape(output.shape[0], inner.Count, batch, output.shape[2]);
        return inner.Weights is null ? perDraw.mean([1L]) : (perDraw * inner.Weights).sum([1L]);
    }

    private static Tensor Column(IReadOnlyList<double> values, Device device) =>
        tensor(values.Select(value => (float)value).ToArray(), [values.Count, 1, 1, 1], device: device).DetachFromDisposeScope();
}
