namespace Ornstein.Theory;

/// <summary>What linear theory says of a data set at one rho.</summary>
/// <param name="Rho">Smoothing parameter in [0, 1].</param>
/// <param name="EffectiveRho">The rho of exact smoothing that K draws amount to.</param>
/// <param name="Kl">KL of every layer, z1 first, summed over directions; nats per datum.</param>
/// <param name="ActiveDirections">Directions that each layer carries, z1 first.</param>
public sealed record RhoPrediction(double Rho, double EffectiveRho, IReadOnlyList<double> Kl, IReadOnlyList<int> ActiveDirections);

/// <summary>What linear theory says of data with a given covariance: sums over eigen-directions, each with a unit in every layer.</summary>
public static class LinearPrediction
{
    /// <summary>The prediction at one rho, the same at every link.</summary>
    /// <param name="eigenvalues">Covariance eigenvalues of the data, at least 0 and not all 0.</param>
    /// <param name="decoderVariance">eta^2, positive.</param>
    /// <param name="rho">Smoothing parameter in [0, 1]; 0 stands for its limit from above.</param>
    /// <param name="smoothing">Depth, draws and what is smoothed.</param>
    /// <exception cref="OrnsteinException">A value is out of range.</exception>
    public static RhoPrediction At(IReadOnlyList<double> eigenvalues, double decoderVariance, double rho, LinearSmoothing smoothing)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        ArgumentNullException.ThrowIfNull(smoothing);
        RequireVariance(decoderVariance);
        smoothing.Validate();
        if (eigenvalues.Sum() <= 0) throw new OrnsteinException("cannot say: the data do not vary, and theory is of how they do.");
        var effective = Math.Sqrt(smoothing.EffectiveSquare(rho));
        var (kl, active) = (new double[smoothing.Layers], new int[smoothing.Layers]);
        foreach (var eigenvalue in eigenvalues)
        {
            var optimum = LinearTheory.Optimum(eigenvalue / decoderVariance, rho, smoothing);
            for (var i = 0; i < kl.Length; i++)
            {
                kl[i] += optimum.Kl[i];
                if (optimum.Kappa[i] > 0) active[i]++;
            }
        }

        return new RhoPrediction(rho, effective, kl, active);
    }

    /// <summary>
    /// The eta^2 that a learned decoder variance, shared by all features, comes to at the optimum, when z1 has units for the first
    /// <paramref name="units"/> directions only. Without smoothing it is the mean of the eigenvalues that have no unit.
    /// </summary>
    /// <param name="eigenvalues">Covariance eigenvalues of the data, positive, largest first.</param>
    /// <param name="units">Units of every layer, fewer than eigenvalues: else eta^2 goes to 0.</param>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    /// <param name="smoothing">Depth, draws and what is smoothed.</param>
    /// <exception cref="OrnsteinException">A value is out of range.</exception>
    public static double LearnedDecoderVariance(IReadOnlyList<double> eigenvalues, int units, double rho, LinearSmoothing smoothing)
    {
        ArgumentNullException.ThrowIfNull(eigenvalues);
        if (units < 0 || units >= eigenvalues.Count)
        {
            throw new OrnsteinException(
                $"there are {units} units for {eigenvalues.Count} eigenvalues; a learned decoder variance needs fewer units than eigenvalues.");
        }

        foreach (var eigenvalue in eigenvalues) RequireVariance(eigenvalue);
        double Loss(double log)
        {
            var variance = Math.Exp(log);
            return (0.5 * eigenvalues.Count * log)
                + eigenvalues.Take(units).Sum(value => LinearTheory.Optimum(value / variance, rho, smoothing).Objective)
                + (0.5 * eigenvalues.Skip(units).Sum() / variance);
        }

        // The residual of the directions without units is eta^2 at least; the sum of all is more than it can be.
        var low = Math.Log(eigenvalues.Skip(units).Sum() / eigenvalues.Count) - 1e-3;
        var high = Math.Log(eigenvalues.Sum() / eigenvalues.Count) + 1e-3;
        const int Cells = 40;
        var cell = (high - low) / Cells;
        var best = Enumerable.Range(0, Cells + 1).MinBy(i => Loss(low + (i * cell)));
        return Math.Exp(LineSearch.Minimum(Loss, low + ((best - 1) * cell), low + ((best + 1) * cell)));
    }

    private static void RequireVariance(double variance)
    {
        if (!(variance > 0 && double.IsFinite(variance)))
            throw new OrnsteinException($"a variance is {variance}; it must be a positive number.");
    }
}
