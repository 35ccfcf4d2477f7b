using MathNet.Numerics.LinearAlgebra;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Probes;

/// <summary>
/// A linear classifier: least squares with a ridge penalty from standardised codes to the indicator of each class, one class against all; the
/// largest answer wins (Hastie, Tibshirani and Friedman 2009, section 4.2).
/// </summary>
internal sealed class RidgeClassifier
{
    private readonly Tensor _weights;   // [units, classes]
    private readonly Tensor _intercept; // [classes]

    private RidgeClassifier(Tensor weights, Tensor intercept) => (_weights, _intercept) = (weights, intercept);

    /// <summary>Fits a classifier; its tensors belong to the caller's dispose scope.</summary>
    /// <param name="codes">Codes, [count, units].</param>
    /// <param name="labels">Their classes, from 0.</param>
    /// <param name="penalty">Ridge penalty per datum, positive.</param>
    public static RidgeClassifier Fit(Tensor codes, int[] labels, double penalty)
    {
        using var scope = NewDisposeScope();
        var x = codes.to(ScalarType.Float64);
        var mean = x.mean([0L]);
        var centred = x - mean;
        // A unit that never varies has no say; any scale would do for it.
        var scale = centred.Squared().mean([0L]).sqrt().AtLeast(1e-12);
        var standard = centred / scale;
        var indicator = nn.functional.one_hot(tensor(labels, [labels.Length]).to(ScalarType.Int64)).to(ScalarType.Float64);
        var share = indicator.mean([0L]);
        var (units, classes) = ((int)x.shape[1], (int)indicator.shape[1]);
        var gram = Matrix(mm(standard.transpose(0, 1), standard).Over(labels.Length)) + (penalty * Matrix<double>.Build.DenseIdentity(units));
        var target = Matrix(mm(standard.transpose(0, 1), indicator).Over(labels.Length));
        var solution = gram.Cholesky().Solve(target);
        var weights = tensor(solution.Transpose().ToColumnMajorArray(), [units, classes]) / scale.unsqueeze(1);
        var intercept = share - mm(mean.unsqueeze(0), weights).squeeze(0);
        return new RidgeClassifier(weights.MoveToOuterDisposeScope(), intercept.MoveToOuterDisposeScope());
    }

    /// <summary>The class of every row.</summary>
    public int[] Classify(Tensor codes)
    {
        using var scope = NewDisposeScope();
        var answers = mm(codes.to(ScalarType.Float64), _weights).Plus(_intercept);
        return [.. answers.argmax(1).data<long>().ToArray().Select(index => (int)index)];
    }

    private static Matrix<double> Matrix(Tensor values)
    {
        var (rows, columns) = ((int)values.shape[0], (int)values.shape[1]);
        return Matrix<double>.Build.DenseOfRowMajor(rows, columns, values.contiguous().data<double>().ToArray());
    }
}
