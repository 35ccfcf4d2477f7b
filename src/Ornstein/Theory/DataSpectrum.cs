using Ornstein.Data;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Theory;

/// <summary>The covariance eigenvalues of data.</summary>
public static class DataSpectrum
{
    private const int RowsAtOnce = 4096;
    private const int MostFeatures = 4096;

    /// <summary>Eigenvalues of the centred covariance, largest first, at least 0; of pixels in [0, 1], or of real numbers as they are.</summary>
    /// <param name="data">At least two data.</param>
    /// <exception cref="OrnsteinException">There are too few data or too many features, they do not vary, or a number is not finite.</exception>
    public static double[] Of(DataSplit data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count < 2) throw new OrnsteinException($"a spectrum needs at least 2 data, and there are {data.Count}.");
        if (data.Features > MostFeatures)
            throw new OrnsteinException($"the data have {data.Features} features; a spectrum is computed for at most {MostFeatures}.");
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        // A first datum as origin: the mean of squares less the square of the mean then loses no digits to a large mean.
        var origin = Rows(data, 0, 1).squeeze(0);
        var sum = zeros(data.Features, dtype: ScalarType.Float64);
        var squares = zeros(data.Features, data.Features, dtype: ScalarType.Float64);
        for (var row = 0; row < data.Count; row += RowsAtOnce)
        {
            using var inner = NewDisposeScope();
            var x = Rows(data, row, Math.Min(RowsAtOnce, data.Count - row)) - origin;
            sum.Add(x.sum(0L));
            squares.Add(mm(x.transpose(0, 1), x));
        }

        var mean = sum.Over(data.Count);
        var covariance = squares.Over(data.Count) - outer(mean, mean);
        if (!covariance.isfinite().all().item<bool>()) throw new OrnsteinException("the data hold a number that is not finite.");
        var values = linalg.eigvalsh(covariance).data<double>().ToArray();
        Array.Reverse(values);
        if (!(covariance.trace().item<double>() > 0)) throw new OrnsteinException("cannot say: the data do not vary, so they have no spectrum.");
        return Array.ConvertAll(values, value => Math.Max(0, value));
    }

    private static Tensor Rows(DataSplit data, int start, int count)
    {
        var (from, length) = (start * data.Features, count * data.Features);
        var values = new double[length];
        if (data.Bytes is { } bytes)
        {
            for (var i = 0; i < length; i++) values[i] = bytes[from + i] / 255.0;
        }
        else
        {
            for (var i = 0; i < length; i++) values[i] = data.Reals![from + i];
        }

        return tensor(values, [count, data.Features]);
    }
}
