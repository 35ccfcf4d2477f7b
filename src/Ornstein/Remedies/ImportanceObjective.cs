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
public sealed record ImportanceObjective
{
    /// <summary>Number k of samples, at least 2: one sample is the ELBO from joint samples.</summary>
    public int Samples { get; init; } = 5;

    /// <summary>How it is differentiated.</summary>
    public ImportanceGradient Gradient { get; init; } = ImportanceGradient.Reparameterized;

    internal void Validate()
    {
        if (Gradient is not (ImportanceGradient.Reparameterized or ImportanceGradient.DoublyReparameterized))
            throw new InvalidOperationException($"{Gradient} is no gradient of the importance-weighted objective.");
        if (Samples >= 2) return;
        throw new OrnsteinException(Gradient == ImportanceGradient.DoublyReparameterized
            ? $"the doubly reparameterized gradient needs at least 2 samples, not {Samples}: with one there is no weight to reparameterize."
            : $"the importance-weighted objective needs at least 2 samples, not {Samples}; leave it out to train the ELBO, whose form by joint samples, --objective joint, is that of one sample.");
    }
}
