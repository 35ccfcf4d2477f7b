namespace Ornstein.Remedies;

/// <summary>Weight beta of the KL of every layer (Higgins et al. 2017; per layer as in HIT).</summary>
/// <param name="Weights">One for all layers, or one per layer, z1 first; each at least 0.</param>
public sealed record KlBeta(IReadOnlyList<double> Weights) : IRemedy
{
    /// <summary>How configurations write it.</summary>
    public static RemedyKind Kind { get; } = new("beta", text => text.Numbers() is var weights && weights is [1] ? null : new KlBeta(weights))
    {
        Form = "beta:WEIGHT or beta:WEIGHT/WEIGHT/..., z1 first", Value = "a number, or one per layer joined by '/'",
    };

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written => new(Name, Weights);

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public bool KeepsObjective => Weights.All(weight => weight == 1);

    /// <inheritdoc/>
    public double KlWeight(int layer, TrainingClock clock) => Weights.Count == 1 ? Weights[0] : Weights[layer];

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (Weights.Count != 1 && Weights.Count != layers)
            throw new OrnsteinException($"beta has {Weights.Count} weights and the model {layers} layers; give one, or one per layer.");
        foreach (var weight in Weights)
        {
            if (!(weight >= 0 && double.IsFinite(weight))) throw new OrnsteinException($"beta is {weight}; it must be at least 0.");
        }
    }

    /// <summary>Whether the weights are the same.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(KlBeta? other) => other is not null && Weights.SequenceEqual(other.Weights);

    /// <inheritdoc/>
    public override int GetHashCode() => Weights.Aggregate(0, HashCode.Combine);
}
