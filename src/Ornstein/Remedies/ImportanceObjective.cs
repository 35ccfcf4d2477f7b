namespace Ornstein.Remedies;

/// <summary>How the importance-weighted objective is differentiated.</summary>
public enum ImportanceGradient
{
    /// <summary>Through the samples, every sample weighted by its normalized weight w (Burda et al. 2016, equation 14).</summary>
    Reparameterized,

    /// <summary>
    /// Doubly reparameterized, DReG (Tucker et al. 2019, equation 8): for q's parameters the samples' paths alone, weighted by w squared. Equal in
    /// expectation, without the noise that drowns q's gradient at many samples.
    /// </summary>
    DoublyReparameterized,
}

/// <summary>
/// The importance-weighted objective log (1/k) sum_s p(x, z_s) / q(z_s | x) of k samples in the place of the ELBO (Burda et al. 2016). The step runs
/// k times the rows.
/// </summary>
public sealed record ImportanceObjective : IRemedy
{
    private const string Doubly = "the doubly reparameterized gradient";

    /// <summary>How configurations write it.</summary>
    public static RemedyKind Kind { get; } = new("iwae", text => new ImportanceObjective
    {
        Samples = text.Whole(),
        Gradient = text.Choice(
            "gradient", ("reparameterized", ImportanceGradient.Reparameterized), ("dreg", ImportanceGradient.DoublyReparameterized)),
    })
    {
        Form = "iwae:SAMPLES[:gradient=reparameterized|dreg]", Value = "a whole number of samples", Keys = ["gradient"],
    };

    /// <summary>Number k of samples, at least 2: one sample is the ELBO from joint samples.</summary>
    public int Samples { get; init; } = 5;

    /// <summary>How it is differentiated.</summary>
    public ImportanceGradient Gradient { get; init; } = ImportanceGradient.Reparameterized;

    /// <inheritdoc/>
    public string Name => Kind.Name;

    /// <inheritdoc/>
    public WrittenRemedy? Written => new WrittenRemedy(Name, Samples).With("gradient", IsDoubly ? "dreg" : null);

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public JointSamples? Joint => new(Samples, IsDoubly);

    /// <inheritdoc/>
    public IReadOnlyList<ModelNeed> Needs =>
    [
        new(ModelProperty.LikelihoodPerDatum, "the importance-weighted objective", "take a learned one"),
        .. IsDoubly
            ?
            [
                new ModelNeed(ModelProperty.QApartFromP, Doubly, "take the ordinary gradient"),
                new ModelNeed(ModelProperty.NetworksPerDatum, Doubly, "take the ordinary one"), new ModelNeed(ModelProperty.PlainQ, Doubly, "smooth p alone"),
            ]
            : Array.Empty<ModelNeed>(),
    ];

    private bool IsDoubly => Gradient == ImportanceGradient.DoublyReparameterized;

    /// <inheritdoc/>
    public void ValidateBeside(IReadOnlyList<IRemedy> others, int layers)
    {
        string[] changing = IsDoubly ? [.. others.Where(other => !other.KeepsObjective).Select(other => other.Name)] : [];
        if (changing.Length > 0) throw new OrnsteinException($"{Doubly} is that of the bound itself; leave out {string.Join(" and ", changing)}.");
    }

    /// <inheritdoc/>
    public void Validate(int layers)
    {
        if (Gradient is not (ImportanceGradient.Reparameterized or ImportanceGradient.DoublyReparameterized))
            throw new InvalidOperationException($"{Gradient} is no gradient of the importance-weighted objective.");
        if (Samples >= 2) return;
        throw new OrnsteinException(Gradient == ImportanceGradient.DoublyReparameterized
            ? $"the doubly reparameterized gradient needs at least 2 samples, not {Samples}: with one there is no weight to reparameterize."
            : $"the importance-weighted objective needs at least 2 samples, not {Samples}; leave it out to train the ELBO, whose form by joint samples, --objective joint, is that of one sample.");
    }
}
