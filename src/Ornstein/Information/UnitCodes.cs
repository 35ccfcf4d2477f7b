using Ornstein.Gaussians;
using Ornstein.Kernels;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>The codes of a layer unit by unit, read where their tensors have them. They must outlive it.</summary>
internal sealed unsafe class UnitCodes
{
    private readonly Column _points, _ownMean, _ownWidth;
    private readonly Column[] _means, _widths;

    public UnitCodes(CodeComponents codes)
    {
        (Count, Draws, IsExact) = ((int)codes.Points.shape[0], codes.Fresh.Count, codes.IsExact);
        (_points, _ownMean, _ownWidth) = (new Column(codes.Points), new Column(codes.Own.Mean), new Column(codes.Own.StandardDeviation));
        (_means, _widths) = ([.. codes.Fresh.Select(q => new Column(q.Mean))], [.. codes.Fresh.Select(q => new Column(q.StandardDeviation))]);
    }

    /// <summary>Data.</summary>
    public int Count { get; }

    /// <summary>Gaussians of a datum.</summary>
    public int Draws { get; }

    /// <summary>Whether q(z | x) is one Gaussian.</summary>
    public bool IsExact { get; }

    /// <summary>The Gaussians of a unit, [data, draws].</summary>
    public void Read(int unit, double[] means, double[] widths)
    {
        for (var s = 0; s < Draws; s++)
        {
            _means[s].CopyTo(means, s, Draws, unit);
            _widths[s].CopyTo(widths, s, Draws, unit);
        }
    }

    /// <summary>The point of a unit and a datum, with the Gaussian that drew it.</summary>
    public (double Point, double Mean, double Width) Point(int unit, int n) => (_points.At(n, unit), _ownMean.At(n, unit), _ownWidth.At(n, unit));

    // A tensor, float32 or float64 [data, units], of any strides: widths may be the same for all data.
    private sealed class Column(Tensor tensor)
    {
        private readonly nint _first = TensorMemory.AddressOfFirst(tensor);
        private readonly bool _isSingle = tensor.dtype == ScalarType.Float32;
        private readonly long _row = tensor.stride(0), _unit = tensor.stride(1);

        // Of a unit, all rows into every so manieth place.
        public void CopyTo(Span<double> target, int first, int every, int unit)
        {
            if (_isSingle)
            {
                var source = (float*)_first + (unit * _unit);
                for (var i = first; i < target.Length; i += every, source += _row) target[i] = *source;
            }
            else
            {
                var source = (double*)_first + (unit * _unit);
                for (var i = first; i < target.Length; i += every, source += _row) target[i] = *source;
            }
        }

        public double At(int n, int unit)
        {
            var place = (n * _row) + (unit * _unit);
            return _isSingle ? ((float*)_first)[place] : ((double*)_first)[place];
        }
    }
}
