using MathNet.Numerics.LinearAlgebra;

namespace Ornstein.Tests.Diagnosis;

/// <summary>
/// The second variation of the real objective in the collapsed state, by the output layers of q2 and p1: there hidden weights do not count, as outputs
/// that do not depend on them have derivative zero. Central differences of gradients, by coordinates of <see cref="OutputDirections"/>.
/// </summary>
internal sealed class CollapsedCurvature
{
    private const double Step = 5e-3;

    private readonly OutputDirections _q, _p;
    private readonly Matrix<double>[] _curvature; // per member, of q's directions and then p's

    public CollapsedCurvature(CollapsedModel model)
    {
        (_q, _p) = (model.Directions("q2"), model.Directions("p1"));
        var (count, members) = (_q.Count + _p.Count, model.Vae.Members.Count);
        var columns = Enumerable.Range(0, count).Select(direction =>
        {
            var coordinates = Vector<double>.Build.Dense(count);
            Vector<double>[] At(double step)
            {
                coordinates[direction] = step;
                var gradient = model.GradientAt(Moves([.. Enumerable.Repeat(coordinates, members)]));
                return [.. Enumerable.Range(0, members).Select(member => Derivative(gradient, member))];
            }

            return At(Step).Zip(At(-Step), (above, below) => (above - below) / (2 * Step)).ToArray();
        }).ToArray();
        var raw = Enumerable.Range(0, members).Select(member => Matrix<double>.Build.DenseOfColumnVectors(columns.Select(column => column[member]))).ToArray();
        _curvature = [.. raw.Select(matrix => (matrix + matrix.Transpose()) / 2)];
        Error = raw.Max(matrix => (matrix - matrix.Transpose()).L2Norm()) / 2;
    }

    /// <summary>How far the differences are from symmetric, which they would be without error, as the norm of a matrix.</summary>
    public double Error { get; }

    /// <summary>
    /// The growth rate of the fastest code with p1 at its best for it, and the code with that p1: the largest eigenvalue of -(H_qq - H_qp H_pp^-1 H_pq).
    /// </summary>
    /// <param name="member">The member.</param>
    /// <param name="onlyMeans">Whether widths of z2 stay.</param>
    public (double Rate, Vector<double> Code) Growth(int member, bool onlyMeans)
    {
        var q = onlyMeans ? _q.Count / 2 : _q.Count; // outputs of q2: mean, width
        var all = _curvature[member];
        var (qq, qp, pp) = (all.SubMatrix(0, q, 0, q), all.SubMatrix(0, q, _q.Count, _p.Count), all.SubMatrix(_q.Count, _p.Count, _q.Count, _p.Count));
        var solved = pp.Cholesky().Solve(qp.Transpose()); // fails where H_pp is not positive definite
        var schur = qq - (qp * solved);
        var eigen = (schur + schur.Transpose()).Evd(Symmetricity.Symmetric);
        var code = eigen.EigenVectors.Column(0);
        var whole = Vector<double>.Build.Dense(_q.Count + _p.Count);
        whole.SetSubVector(0, q, code);
        whole.SetSubVector(_q.Count, _p.Count, -solved * code);
        return (-eigen.EigenValues[0].Real / 2, whole);
    }

    /// <summary>
    /// Gradient descent of every member's objective from a small perturbation along its fastest code, p1's coordinates in units in which its price H_pp
    /// is 1: by how much ln KL_2 changes, with KL_2 = E (a^2/2 + b^2) to second order. The mean of a perturbation and its mirror image, in which odd powers cancel.
    /// </summary>
    public double[] Descend(CollapsedModel model, Func<int, bool> onlyMeans, int steps, double rate)
    {
        const double Perturbation = 3e-3;
        int[] members = [.. Enumerable.Range(0, model.Vae.Members.Count)];
        var fastest = Array.ConvertAll(members, member => Growth(member, onlyMeans(member)));
        var price = Array.ConvertAll(members, member => _curvature[member].SubMatrix(_q.Count, _p.Count, _q.Count, _p.Count).Cholesky());
        double[] From(double size)
        {
            // The eigenvector of descent: p1 lags behind its best by 1 / sqrt(1 + growth).
            var q = Array.ConvertAll(fastest, own => own.Code.SubVector(0, _q.Count) * size);
            var p = Array.ConvertAll(fastest, own => own.Code.SubVector(_q.Count, _p.Count) * size / Math.Sqrt(1 + own.Rate));
            var before = Array.ConvertAll(q, own => own.L2Norm());
            for (var step = 0; step < steps; step++)
            {
                var gradient = model.GradientAt(Moves(Array.ConvertAll(members, member => Vector<double>.Build.DenseOfEnumerable(q[member].Concat(p[member])))));
                foreach (var member in members)
                {
                    var derivative = Derivative(gradient, member);
                    var change = derivative.SubVector(0, _q.Count);
                    if (onlyMeans(member)) change.ClearSubVector(_q.Count / 2, _q.Count / 2);
                    q[member] -= rate * change;
                    p[member] -= rate * price[member].Solve(derivative.SubVector(_q.Count, _p.Count));
                }
            }

            return Array.ConvertAll(members, member => 2 * Math.Log(q[member].L2Norm() / before[member]));
        }

        return [.. From(Perturbation).Zip(From(-Perturbation), (one, other) => (one + other) / 2)];
    }

    // Moves of the output layers by coordinates, per member.
    private Dictionary<string, Matrix<double>[]> Moves(Vector<double>[] coordinates) => new()
    {
        ["q2"] = [.. coordinates.Select(own => _q.Parameters(own.SubVector(0, _q.Count)))],
        ["p1"] = [.. coordinates.Select(own => _p.Parameters(own.SubVector(_q.Count, _p.Count)))],
    };

    // Gradient of one member by coordinates.
    private Vector<double> Derivative(Dictionary<string, Matrix<double>[]> gradient, int member) =>
        Vector<double>.Build.DenseOfEnumerable(_q.Derivative(gradient["q2"][member]).Concat(_p.Derivative(gradient["p1"][member])));
}
