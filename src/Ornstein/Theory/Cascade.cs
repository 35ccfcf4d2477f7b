namespace Ornstein.Theory;

/// <summary>Over which rhos a layer of a linear stack is active.</summary>
/// <param name="Layer">Layer from 2.</param>
/// <param name="CriticalRho">The rho above which the layer is collapsed at the optimum; null where it is collapsed at every rho.</param>
/// <param name="LowestRho">The rho below which the layer is collapsed again; 0 where there is none; null with CriticalRho.</param>
/// <param name="OnsetRho">The highest rho up to which the collapsed state is unstable; null where it is stable at every rho. Between
/// this and a higher critical rho both states are stable, and training may keep the layer collapsed.</param>
public sealed record LayerTransition(int Layer, double? CriticalRho, double? LowestRho, double? OnsetRho)
{
    private const double Tolerance = 1e-5;

    /// <summary>Whether the layer's KL falls to zero without a jump.</summary>
    public bool IsContinuous => CriticalRho is { } critical && OnsetRho is { } onset && Math.Abs(critical - onset) < Tolerance;
}

/// <summary>
/// Where the layers of a linear stack collapse as rho rises. Layer i+1 is active if and only if rho is below s_i, the share of signal in
/// the code of layer i; from this follow the critical rhos (docs/theory.md, "The cascade", with its exceptions).
/// </summary>
public static class Cascade
{
    private const double LeastRho = 1e-4;
    private const double Step = 0.01;
    private const double Precision = 1e-10;

    /// <summary>The transitions of layers 2 to L of one eigen-direction. A window of activity narrower than 0.01 may be missed.</summary>
    /// <param name="ratio">g = lambda / eta^2, at least 0.</param>
    /// <param name="smoothing">Depth, draws and what is smoothed.</param>
    /// <exception cref="OrnsteinException">A value is out of range.</exception>
    public static IReadOnlyList<LayerTransition> Transitions(double ratio, LinearSmoothing smoothing)
    {
        ArgumentNullException.ThrowIfNull(smoothing);
        smoothing.Validate();
        var exact = smoothing with { Draws = null };
        int Active(double rho) => LinearTheory.Optimum(ratio, rho, exact).ActiveLayers;
        double[] grid = [LeastRho, .. Enumerable.Range(1, (int)Math.Round(1 / Step) - 1).Select(i => i * Step), 1 - 1e-4, 1 - 1e-6, 1];
        var active = Array.ConvertAll(grid, Active);
        return [.. Enumerable.Range(2, smoothing.Layers - 1).Select(layer => Transition(layer))];

        LayerTransition Transition(int layer)
        {
            var onset = Onset(layer);
            var last = Array.FindLastIndex(active, count => count >= layer);
            if (last < 0) return new(layer, null, null, null);
            var first = Array.FindIndex(active, count => count >= layer);
            var critical = Boundary(layer, grid[last], last + 1 < grid.Length ? grid[last + 1] : 1);
            var lowest = first == 0 ? 0 : Boundary(layer, grid[first], grid[first - 1]);
            // Inner draws leave noise, so that low effective rhos are out of reach.
            var floor = Math.Sqrt(smoothing.InnerNoise);
            if (critical <= floor) return new(layer, null, null, null);
            return new(
                layer,
                smoothing.RhoOfEffective(critical),
                lowest <= floor ? 0 : smoothing.RhoOfEffective(lowest),
                onset is { } stable ? smoothing.RhoOfEffective(stable) : null);
        }

        double Boundary(int layer, double inside, double outside)
        {
            while (Math.Abs(outside - inside) > Precision)
            {
                var middle = (inside + outside) / 2;
                if (Active(middle) >= layer) inside = middle;
                else outside = middle;
            }

            return (inside + outside) / 2;
        }

        double? Onset(int layer)
        {
            var roots = LineSearch.Roots(
                rho => LinearTheory.Onset(layer, rho, smoothing.SmoothsQ) - ratio, LeastRho, 1 - 1e-9, Step);
            return roots.Count == 0 ? null : roots.Max();
        }
    }
}
