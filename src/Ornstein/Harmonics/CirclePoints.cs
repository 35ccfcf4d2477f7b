using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Harmonics;

/// <summary>
/// Points cos(t) e + sin(t) e'' for equally spaced t, with e, e'' ~ N(0, I): each is N(0, I), two on a circle have correlation cos of
/// the angle between them, and points of different circles are independent. So the same evaluations of a function give its noise stability
/// at many correlations with common random numbers, antithetic pairs, and independent pairs.
/// </summary>
internal static class CirclePoints
{
    /// <summary>Draws circles.</summary>
    /// <param name="options">How many circles and points.</param>
    /// <param name="data">Data; each has circles of its own.</param>
    /// <param name="units">Dimension d.</param>
    /// <param name="key">Where they come from.</param>
    /// <returns>float32 [1, circles * points, data, units], circle by circle.</returns>
    public static Tensor Draw(HarmonicsOptions options, int data, int units, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (data < 1) throw new OrnsteinException($"harmonics of {data} data; at least 1 is needed.");
        if (units < 1) throw new OrnsteinException($"harmonics of a function of {units} units; at least 1 is needed.");
        var e = key.At("e").Normal(options.Circles, 1, data, units);
        var other = key.At("e''").Normal(options.Circles, 1, data, units);
        var angles = Enumerable.Range(0, options.Points).Select(p => 2 * Math.PI * p / options.Points).ToArray();
        Tensor Column(Func<double, double> of) => tensor(angles.Select(t => (float)of(t)).ToArray(), [1, angles.Length, 1, 1]);
        return (Column(Math.Cos) * e).Plus(Column(Math.Sin) * other).reshape(1, options.Evaluations, data, units);
    }
}
