namespace Ornstein.Remedies;

/// <summary>
/// What fights posterior collapse in one member, beside smoothing: every property is a remedy of its own, and all combine. Those that change
/// the architecture (ladder, skip connections, batch normalization, the decoder's variance) are options of the model.
/// </summary>
public sealed record Remedy
{
    /// <summary>No remedy: the plain objective.</summary>
    public static Remedy None { get; } = new();

    /// <summary>KL warm-up; null for none.</summary>
    public KlWarmUp? WarmUp { get; init; }

    /// <summary>Weight beta of the KL of every layer, z1 first, or one for all; each at least 0 (Higgins et al. 2017; per layer as in HIT).</summary>
    public IReadOnlyList<double> Beta { get; init; } = [1];

    /// <summary>Free bits; null for none.</summary>
    public FreeBits? FreeBits { get; init; }

    /// <summary>Smoothing annealed over the training; null: rho stays.</summary>
    public RhoAnnealing? Annealing { get; init; }

    /// <summary>How the ELBO is written; importance-weighted objectives are of joint samples whatever this says.</summary>
    public ObjectiveForm Form { get; init; } = ObjectiveForm.Kl;

    /// <summary>The importance-weighted objective; null: the ELBO in its <see cref="Form"/>.</summary>
    public ImportanceObjective? Importance { get; init; }

    /// <summary>Nats that every unit of the top layer keeps at least, at least 0 (<see cref="Remedies.MinimumRate"/>).</summary>
    public double MinimumRate { get; init; }

    /// <summary>Aggressive updates of the encoder; null for none.</summary>
    public AggressiveEncoder? Aggressive { get; init; }

    /// <summary>Weight of a layer's KL at a moment of the training: beta times the warm-up.</summary>
    public double KlWeight(int layer, TrainingClock clock) => (Beta.Count == 1 ? Beta[0] : Beta[layer]) * (WarmUp?.At(clock) ?? 1);

    /// <summary>The same of every layer, z1 first; <see cref="TrainingClock.OfLastStep"/> gives those that a training ended with.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="clock">The moment.</param>
    public double[] KlWeights(int layers, TrainingClock clock) => [.. Enumerable.Range(0, layers).Select(layer => KlWeight(layer, clock))];

    /// <summary>Throws where a value is out of range or makes no sense beside another. What fits which model, models say.</summary>
    /// <param name="layers">Layers of the model it is for.</param>
    /// <exception cref="OrnsteinException">Names what is wrong and why.</exception>
    public void Validate(int layers)
    {
        WarmUp?.Validate();
        FreeBits?.Validate();
        Annealing?.Validate(layers - 1);
        Importance?.Validate();
        Aggressive?.Validate();
        ValidateBeta(layers);
        if (!(MinimumRate is >= 0 and <= 50)) throw new OrnsteinException($"the minimum rate is {MinimumRate} nats a unit; it must lie in [0, 50].");
        if (Form is not (ObjectiveForm.Kl or ObjectiveForm.Joint)) throw new InvalidOperationException($"{Form} is no form of the objective.");
        if (Importance is not null) ValidateImportance();
        else if (Form == ObjectiveForm.Joint && FreeBits is not null)
            throw new OrnsteinException("free bits limit the KLs of the KL form; the joint form has log-ratios of samples in their place, which may be negative.");
    }

    private void ValidateBeta(int layers)
    {
        if (Beta.Count != 1 && Beta.Count != layers)
            throw new OrnsteinException($"beta has {Beta.Count} weights and the model {layers} layers; give one, or one per layer.");
        foreach (var weight in Beta)
        {
            if (!(weight >= 0 && double.IsFinite(weight))) throw new OrnsteinException($"beta is {weight}; it must be at least 0.");
        }

        if (FreeBits is not null && Beta.Contains(0))
            throw new OrnsteinException("free bits with beta 0 make no sense: a KL of weight 0 costs nothing already.");
    }

    private void ValidateImportance()
    {
        if (FreeBits is not null)
            throw new OrnsteinException("free bits limit the KLs of the ELBO; the importance-weighted objective has no KL terms.");
        if (Importance!.Gradient == ImportanceGradient.DoublyReparameterized && (WarmUp is not null || Beta.Any(weight => weight != 1)))
            throw new OrnsteinException("the doubly reparameterized gradient is that of the bound itself; leave out warm-up and beta.");
    }
}
