using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// Places on the line of one unit where densities of its Gaussians are taken, and the trapezoid rule between them. They lie closer where Gaussians
/// are narrow: quantiles of the places within six widths of each Gaussian.
/// </summary>
internal sealed class UnitGrid
{
    private const int Points = 128;
    private const int Components = 1024; // Gaussians that the places are taken from
    private const int PlacesOfEach = 12;
    private const double Reach = 6; // in widths: 2e-9 of a Gaussian lies beyond

    /// <param name="means">Means of all Gaussians, float64 [count].</param>
    /// <param name="widths">Their standard deviations, positive.</param>
    public UnitGrid(Tensor means, Tensor widths)
    {
        var count = means.shape[0];
        var some = arange(0, count, Math.Max(1, (count + Components - 1) / Components), dtype: ScalarType.Int64);
        // Each Gaussian's own offset: equal Gaussians must not give equal places.
        var offset = (arange(some.shape[0], dtype: ScalarType.Float64) * ((Math.Sqrt(5) - 1) / 2)).frac().unsqueeze(1);
        var steps = ((arange(PlacesOfEach, dtype: ScalarType.Float64).unsqueeze(0) + offset) * (2 * Reach / PlacesOfEach)) - Reach;
        var (sorted, _) = (means.index_select(0, some).unsqueeze(1) + (widths.index_select(0, some).unsqueeze(1) * steps)).flatten().sort();
        var quantiles = linspace(0, sorted.shape[0] - 1, Points - 2, dtype: ScalarType.Float64).round().to(ScalarType.Int64);
        var low = (means - (Reach * widths)).min().reshape(1);
        var high = (means + (Reach * widths)).max().reshape(1);
        Places = cat([low, sorted.index_select(0, quantiles).clamp(low, high), high], 0);
        var gaps = Places.narrow(0, 1, Points - 1) - Places.narrow(0, 0, Points - 1);
        var none = zeros(1, dtype: ScalarType.Float64);
        Weights = (cat([gaps, none], 0) + cat([none, gaps], 0)) / 2;
    }

    /// <summary>Where densities are taken, ascending, float64 [points].</summary>
    public Tensor Places { get; }

    /// <summary>Weights of the trapezoid rule, float64 [points].</summary>
    public Tensor Weights { get; }

    /// <summary>The distance between places around numbers.</summary>
    public Tensor StepAt(Tensor values) => Weights.take(searchsorted(Places, values.contiguous()).clamp(1, Points - 2));

    /// <summary>A function that is known at the places, linearly between them.</summary>
    /// <param name="function">Its values, float64 [points].</param>
    /// <param name="values">Where it is asked for.</param>
    public Tensor Interpolate(Tensor function, Tensor values)
    {
        var right = searchsorted(Places, values.contiguous()).clamp(1, Points - 1);
        var left = right - 1;
        var from = Places.take(left);
        var share = ((values - from) / (Places.take(right) - from).clamp_min(1e-300)).clamp(0, 1);
        return lerp(function.take(left), function.take(right), share);
    }
}
