using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Diagnosis;

/// <summary>What a regression reads of a layer's units, given in units of their own deviation.</summary>
internal enum ReadOutKind
{
    /// <summary>The units.</summary>
    Linear,

    /// <summary>And their squares.</summary>
    Squares,

    /// <summary>And cosines of the few combinations of both that tell most (random features, Rahimi and Recht 2007).</summary>
    Curved,
}

/// <summary>Functions of a layer's units, in whose span the conditional expectation is sought.</summary>
/// <param name="directions">Combinations of units and squares that the cosines read, [2 units, directions]; null: no cosines.</param>
/// <param name="squares">Whether squares are read.</param>
internal sealed class ReadOutFeatures(bool squares, Tensor? directions)
{
    private const int Waves = 128;

    /// <summary>Features [rows, features] of units [rows, units].</summary>
    public Tensor Of(Tensor units)
    {
        if (!squares) return units;
        using var scope = NewDisposeScope();
        var own = cat([units, units.Squared().Minus(1).Times(Math.Sqrt(0.5))], 1);
        if (directions is null) return own.MoveToOuterDisposeScope();
        var read = mm(own, directions);
        var key = RandomKey.FromSeed(0).At("read-out features");
        // Slow waves and quick ones: the read combinations have deviation 1.
        var scale = ones(1, Waves, dtype: ScalarType.Float64);
        scale.slice(1, 0, Waves, 2).Multiply(0.5);
        var frequencies = (key.At("frequency").Normal(read.shape[1], Waves).to(ScalarType.Float64) * scale).Times(1.5);
        var phases = key.At("phase").Uniform(1, Waves).to(ScalarType.Float64).Times(2 * Math.PI);
        return cat([own, mm(read, frequencies).Plus(phases).cos()], 1).MoveToOuterDisposeScope();
    }
}
