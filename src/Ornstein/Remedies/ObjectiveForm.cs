namespace Ornstein.Remedies;

/// <summary>How the ELBO is written for training. The forms differ in the gradient that the layers' noise in common gives (docs/theory.md, "What is a bound").</summary>
public enum ObjectiveForm
{
    /// <summary>A KL per layer, integrated over z_i with z_{i+1} held fixed. A bound for chains, and the form in which upper layers of linear models collapse.</summary>
    Kl,

    /// <summary>
    /// E log p(x, z) - log q(z | x) at joint samples of all layers: the usual ELBO, and the importance-weighted objective of one sample.
    /// </summary>
    Joint,
}

/// <summary>The ELBO in its joint form. Settings say it beside remedies, of all members at once.</summary>
public sealed record JointForm : IRemedy
{
    /// <inheritdoc/>
    public string Name => "joint";

    /// <inheritdoc/>
    public WrittenRemedy? Written => null;

    /// <inheritdoc/>
    public string? NotFused => null;

    /// <inheritdoc/>
    public bool KeepsObjective => true;

    /// <inheritdoc/>
    public JointSamples? Joint => new();
}
