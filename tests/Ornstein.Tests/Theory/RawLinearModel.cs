using Ornstein.Theory;

namespace Ornstein.Tests.Theory;

/// <summary>
/// One direction of a linear stack by its raw parameters, with expectations taken exactly: every variable is a vector of coefficients of
/// independent standard normals. It shares no formula with the theory, which eliminates these parameters.
/// </summary>
internal sealed class RawLinearModel(double ratio, double[] rho, bool smoothsQ)
{
    private readonly int _layers = rho.Length + 1;

    /// <summary>The raw parameters of an optimum: per layer q's weight and log variance, p's weight and log variance; the decoder's weight.</summary>
    public double[] Parameters(IReadOnlyList<double> kappa)
    {
        var parameters = new double[(4 * _layers) + 1];
        for (var i = 0; i < _layers; i++)
        {
            var variance = i == _layers - 1 ? 1 / (1 + kappa[i]) : 1;
            parameters[(4 * i) + 1] = Math.Log(variance);
            if (i == 0) parameters[0] = Math.Sqrt(kappa[0] / ratio);
            else parameters[4 * i] = Math.Sqrt(kappa[i] * variance / (kappa[i - 1] + Sigma(i - 1)));
            if (i == _layers - 1) continue;
            var (own, above, square) = (kappa[i], kappa[i + 1], rho[i] * rho[i]);
            var explained = above / (above + square);
            var next = i + 1 == _layers - 1 ? 1 / (1 + above) : 1;
            var b = Math.Sqrt(above * next / (own + Sigma(i)));
            parameters[(4 * i) + 2] = b == 0 ? 0 : own / (own + Sigma(i)) * explained / b;
            parameters[(4 * i) + 3] = Math.Log(1 + own - (explained * own * own / (own + Sigma(i))));
        }

        parameters[^1] = parameters[0] * ratio / (1 + kappa[0]);
        return parameters;
    }

    /// <summary>The loss, nats, up to the constant of the decoder's variance 1.</summary>
    /// <param name="parameters">As <see cref="Parameters"/> gives them.</param>
    /// <param name="jointSample">Whether log q(z) - log p(z) is taken at joint samples, instead of KLs analytic in z_i.</param>
    public double Objective(double[] parameters, bool jointSample = false)
    {
        var size = _layers + 1; // noise of x and of every layer
        var x = new double[size];
        x[0] = Math.Sqrt(ratio);
        var means = new double[_layers][];
        var samples = new double[_layers][];
        for (var i = 0; i < _layers; i++)
        {
            means[i] = i == 0 ? Scale(x, parameters[0]) : Scale(Smoothed(i - 1, smoothsQ), parameters[4 * i]);
            samples[i] = [.. means[i]];
            samples[i][i + 1] += Math.Exp(parameters[(4 * i) + 1] / 2);
        }

        var loss = Square(x, Scale(samples[0], parameters[^1])) / 2;
        for (var i = 0; i < _layers; i++)
        {
            var top = i == _layers - 1;
            var (variance, prior) = (Math.Exp(parameters[(4 * i) + 1]), top ? 1 : Math.Exp(parameters[(4 * i) + 3]));
            var center = top ? new double[size] : Scale(Smoothed(i + 1, true, i), parameters[(4 * i) + 2]);
            var distance = jointSample ? Square(samples[i], center) : variance + Square(means[i], center);
            loss += 0.5 * (Math.Log(prior / variance) + (distance / prior) - 1);
        }

        return loss;

        // z_i where it is not smoothed, else m + rho (z - m), with the rho of the link that reads it.
        double[] Smoothed(int layer, bool smooth, int? link = null)
        {
            if (!smooth) return samples[layer];
            var r = rho[link ?? layer];
            return [.. means[layer].Zip(samples[layer], (m, z) => m + (r * (z - m)))];
        }
    }

    private double Sigma(int link) => smoothsQ ? rho[link] * rho[link] : 1;

    private static double[] Scale(double[] values, double by) => [.. values.Select(value => value * by)];

    private static double Square(double[] a, double[] b) => a.Zip(b, (p, q) => (p - q) * (p - q)).Sum();
}
