using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>The mutual information I(x; z_j) of every unit of a layer by quadrature (<see cref="UnitQuadrature"/>), units side by side on all threads.</summary>
internal sealed class UnitInformation
{
    private const double MostTooNarrow = 0.01; // share of Gaussians below the grid's step from which on it does not stand for the units
    private const int UnitsAtOnce = 8; // neighbours lie in one line of the cache

    private readonly UnitTerms[] _units;

    private UnitInformation(UnitTerms[] units)
    {
        _units = units;
        PerDatum = [.. units.Select(unit => unit.Information)];
        Doubts = [.. units.Select(unit => unit.Doubt)];
        LowerAtPoints = Sum(unit => unit.LowerAtPoint);
        UpperAtPoints = Sum(unit => unit.UpperAtPoint);
    }

    /// <summary>Each datum's term of every unit's information, nats, [units][data].</summary>
    public IReadOnlyList<double[]> PerDatum { get; }

    /// <summary><see cref="UnitTerms.Doubt"/> of every unit, nats.</summary>
    public IReadOnlyList<double> Doubts { get; }

    /// <summary>Whether the grid resolves the units' Gaussians, so that the sums below may stand beside those of the quadrature.</summary>
    public bool IsResolved => Array.TrueForAll(_units, unit => unit.ShareTooNarrow <= MostTooNarrow);

    /// <summary>Sum over units of <see cref="UnitTerms.LowerAtPoint"/>; [data].</summary>
    public IReadOnlyList<double> LowerAtPoints { get; }

    /// <summary>Sum over units of <see cref="UnitTerms.UpperAtPoint"/>; [data].</summary>
    public IReadOnlyList<double> UpperAtPoints { get; }

    /// <summary>The information of the units of a layer.</summary>
    public static UnitInformation Of(CodeComponents codes, CancellationToken stop)
    {
        var units = new UnitTerms[codes.Points.shape[1]];
        var readable = new UnitCodes(codes);
        Parallel.For(
            0, (units.Length + UnitsAtOnce - 1) / UnitsAtOnce, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads(), CancellationToken = stop },
            () => new UnitQuadrature(readable),
            (block, _, quadrature) =>
            {
                for (var j = block * UnitsAtOnce; j < Math.Min(units.Length, (block + 1) * UnitsAtOnce); j++)
                {
                    stop.ThrowIfCancellationRequested();
                    units[j] = quadrature.Of(j);
                }

                return quadrature;
            },
            _ => { });
        GC.KeepAlive(codes);
        return new UnitInformation(units);
    }

    private double[] Sum(Func<UnitTerms, double[]> terms)
    {
        var result = new double[_units[0].Information.Length];
        foreach (var unit in _units)
        {
            var some = terms(unit);
            for (var n = 0; n < result.Length; n++) result[n] += some[n];
        }

        return result;
    }
}
