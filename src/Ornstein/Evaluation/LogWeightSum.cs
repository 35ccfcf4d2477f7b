using System.Runtime.InteropServices;

namespace Ornstein.Evaluation;

/// <summary>Log-weights of a datum as they come: their sum, and the logarithm of the sum of weights.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct LogWeightSum
{
    // The weights' sum is e^_largest * _scaled.
    private double _largest, _scaled;

    /// <summary>Sum of the log-weights.</summary>
    public double Sum { get; private set; }

    /// <summary>Takes in a sample.</summary>
    public void Add(double logWeight)
    {
        Sum += logWeight;
        if (double.IsNegativeInfinity(logWeight)) return; // a weight of 0
        if (_scaled == 0 || logWeight > _largest)
        {
            _scaled = _scaled == 0 ? 1 : (_scaled * Math.Exp(_largest - logWeight)) + 1;
            _largest = logWeight;
        }
        else
        {
            _scaled += Math.Exp(logWeight - _largest);
        }
    }

    /// <summary>log of the mean of <paramref name="count"/> weights.</summary>
    public readonly double LogMean(int count) => _scaled == 0 ? double.NegativeInfinity : _largest + Math.Log(_scaled / count);
}
