using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Diagnosis;

/// <summary>
/// A small code of a collapsed layer above, found by regression: the combination u of moments phi that is best predicted from z, and its
/// prediction a(z). Whatever way it was found, E[(u.phi) a]^2 / E[a^2] is at most the largest eigenvalue of Cov(E[phi | z]).
/// </summary>
internal sealed class CodeReadOut
{
    /// <summary>Ridge penalties that are tried, in units of a feature of variance 1.</summary>
    public static readonly double[] Penalties = [1e-4, 1e-3, 1e-2, 1e-1];

    private const int MostDirections = 6;

    private readonly ReadOutFeatures _features;
    private readonly Tensor _centre;  // of the features, [features]
    private readonly Tensor _weights; // [features, 1]

    private CodeReadOut(ReadOutFeatures features, Tensor centre, Tensor weights, Tensor direction) =>
        (_features, _centre, _weights, Direction) = (features, centre, weights, direction);

    /// <summary>u, of length 1, [2 units].</summary>
    public Tensor Direction { get; }

    /// <summary>The best code for each penalty; its tensors belong to the caller's dispose scope.</summary>
    /// <param name="units">z in units of its own deviation, double, [rows, units].</param>
    /// <param name="moments">phi, double, [rows, 2 units].</param>
    /// <param name="kind">What is read of z.</param>
    public static CodeReadOut[] Fit(Tensor units, Tensor moments, ReadOutKind kind)
    {
        using var scope = NewDisposeScope();
        var features = Features(units, moments, kind);
        var regression = new Regression(features.Of(units), moments);
        var centre = regression.Centre.MoveToOuterDisposeScope();
        return [.. Penalties.Select(penalty =>
        {
            var (weights, directions) = regression.Solve(penalty);
            var direction = directions.select(1, -1);
            return new CodeReadOut(
                features, centre, mv(weights, direction).unsqueeze(1).MoveToOuterDisposeScope(), direction.clone().MoveToOuterDisposeScope());
        })];

        // Combinations for cosines are those of a first regression on units and squares.
        ReadOutFeatures Features(Tensor z, Tensor phi, ReadOutKind of)
        {
            if (of == ReadOutKind.Linear) return new ReadOutFeatures(squares: false, null);
            var plain = new ReadOutFeatures(squares: true, null);
            if (of == ReadOutKind.Squares) return plain;
            var read = plain.Of(z);
            var (weights, directions) = new Regression(read, phi).Solve(1e-2);
            var most = Math.Min(MostDirections, directions.shape[1]);
            var combinations = mm(weights, directions.narrow(1, directions.shape[1] - most, most));
            var deviation = mm(read, combinations).std(0, unbiased: false, keepdim: true).AtLeast(1e-12);
            return new ReadOutFeatures(squares: true, (combinations / deviation).MoveToOuterDisposeScope());
        }
    }

    /// <summary>a(z) and u.phi of other data, each [rows].</summary>
    public (Tensor Code, Tensor Moment) Read(Tensor units, Tensor moments) =>
        (mm(_features.Of(units) - _centre, _weights).squeeze(1), mv(moments, Direction));

    // Ridge regression of all moments at once, for any penalty, from one decomposition.
    private sealed class Regression
    {
        private readonly Tensor _values, _vectors, _targets;

        public Regression(Tensor features, Tensor moments)
        {
            Centre = features.mean([0L]);
            var own = features - Centre;
            (_values, _vectors) = linalg.eigh(mm(own.transpose(0, 1), own).Over(own.shape[0]));
            _targets = mm(_vectors.transpose(0, 1), mm(own.transpose(0, 1), moments - moments.mean([0L])).Over(own.shape[0]));
        }

        public Tensor Centre { get; }

        // Weights [features, moments], and the eigenvectors of the covariance of the predictions, the largest last.
        public (Tensor Weights, Tensor Directions) Solve(double penalty)
        {
            var positive = _values.AtLeast(0).unsqueeze(1);
            var inside = _targets / positive.Plus(penalty);
            return (mm(_vectors, inside), linalg.eigh(mm(inside.transpose(0, 1), inside * positive)).Item2);
        }
    }
}
