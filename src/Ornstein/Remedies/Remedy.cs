namespace Ornstein.Remedies;

/// <summary>
/// What fights posterior collapse in one member, beside smoothing: any <see cref="IRemedy"/> together. The library's own have a property each; one of
/// your own is given to <see cref="Of"/> or <see cref="With"/>. Those that change the architecture (ladder, skip connections, batch normalization,
/// the decoder's variance) are options of the model.
/// </summary>
public sealed partial record Remedy
{
    private readonly IRemedy[] _parts;

    /// <summary>No remedy, to which properties add.</summary>
    public Remedy() : this([])
    {
    }

    private Remedy(IRemedy[] parts) => _parts = parts;

    /// <summary>No remedy: the plain objective.</summary>
    public static Remedy None { get; } = new();

    /// <summary>All of them, those of the library first, others by name: the order in which they act.</summary>
    public IReadOnlyList<IRemedy> Parts => _parts;

    /// <summary>KL warm-up; null for none.</summary>
    public KlWarmUp? WarmUp { get => Part<KlWarmUp>(); init => _parts = Replacing(value); }

    /// <summary>Weight beta of the KL of every layer, z1 first, or one for all; each at least 0 (<see cref="KlBeta"/>).</summary>
    public IReadOnlyList<double> Beta { get => Part<KlBeta>()?.Weights ?? [1]; init => _parts = Replacing(value is [1] ? null : new KlBeta(value)); }

    /// <summary>Free bits; null for none.</summary>
    public FreeBits? FreeBits { get => Part<FreeBits>(); init => _parts = Replacing(value); }

    /// <summary>Smoothing annealed over the training; null: rho stays.</summary>
    public RhoAnnealing? Annealing { get => Part<RhoAnnealing>(); init => _parts = Replacing(value); }

    /// <summary>How the ELBO is written; importance-weighted objectives are of joint samples whatever this says.</summary>
    public ObjectiveForm Form
    {
        get => Part<JointForm>() is null ? ObjectiveForm.Kl : ObjectiveForm.Joint;
        init => _parts = Replacing(value switch
        {
            ObjectiveForm.Kl => null,
            ObjectiveForm.Joint => new JointForm(),
            _ => throw new InvalidOperationException($"{value} is no form of the objective."),
        });
    }

    /// <summary>The importance-weighted objective; null: the ELBO in its <see cref="Form"/>.</summary>
    public ImportanceObjective? Importance { get => Part<ImportanceObjective>(); init => _parts = Replacing(value); }

    /// <summary>The committed rate: nats that every unit of the top layer keeps at least, in [0, 50]; 0 for none (<see cref="Remedies.CommittedRate"/>).</summary>
    public double CommittedRate { get => Part<CommittedRate>()?.Nats ?? 0; init => _parts = Replacing(value == 0 ? null : new CommittedRate(value)); }

    /// <summary>Aggressive updates of the encoder; null for none.</summary>
    public AggressiveEncoder? Aggressive { get => Part<AggressiveEncoder>(); init => _parts = Replacing(value); }

    /// <summary>Remedies together.</summary>
    /// <param name="parts">Of any kind, your own too.</param>
    public static Remedy Of(params IEnumerable<IRemedy> parts) => new(Ordered(parts));

    /// <summary>The same with more remedies.</summary>
    /// <param name="parts">Of any kind, your own too.</param>
    public Remedy With(params IEnumerable<IRemedy> parts) => new(Ordered(_parts.Concat(parts)));

    /// <summary>Throws where a value is out of range or makes no sense beside another. What fits which model, models say.</summary>
    /// <param name="layers">Layers of the model it is for.</param>
    /// <exception cref="OrnsteinException">Names what is wrong and why.</exception>
    public void Validate(int layers)
    {
        foreach (var part in _parts) part.Validate(layers);
        for (var i = 0; i < _parts.Length; i++)
        {
            var part = _parts[i];
            if (!IsName(part.Name)) throw new OrnsteinException($"a remedy is named '{part.Name}'; {NameRule}.");
            if (Array.FindIndex(_parts, other => other.Role == part.Role) is var first && first < i)
                throw new OrnsteinException(Clash(_parts[first], part));
        }

        foreach (var part in _parts) part.ValidateBeside([.. _parts.Where(other => !ReferenceEquals(other, part))], layers);
    }

    /// <summary>Whether both have the same parts.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Remedy? other) => other is not null && _parts.SequenceEqual(other._parts);

    /// <inheritdoc/>
    public override int GetHashCode() => _parts.Aggregate(0, HashCode.Combine);

    /// <summary>What is wrong with two remedies of one role, as a sentence.</summary>
    internal static string Clash(IRemedy first, IRemedy second) => first.Name == second.Name
        ? $"{first.Name} is there twice; give it once."
        : $"{first.Name} and {second.Name} are both {first.Role}; give one of them.";

    private T? Part<T>()
        where T : class, IRemedy => Array.Find(_parts, part => part is T) as T;

    private IRemedy[] Replacing<T>(T? part)
        where T : class, IRemedy => Ordered([.. _parts.Where(other => other is not T), .. part is null ? Array.Empty<IRemedy>() : [part]]);

    private static IRemedy[] Ordered(IEnumerable<IRemedy> parts) =>
        [.. parts.OrderBy(part => PlaceOf(part.Name)).ThenBy(part => part.Name, StringComparer.Ordinal)];
}
