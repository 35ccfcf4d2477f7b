namespace Ornstein.Remedies;

/// <summary>
/// An objective of joint samples of all layers: log of the mean of p(x, z) / q(z | x) over samples, with q and p weighed as KLs are. With one sample it
/// is the joint form of the ELBO.
/// </summary>
/// <param name="Count">Samples of a datum, at least 1.</param>
/// <param name="IsDoubly">Whether its gradient is doubly reparameterized (Tucker et al. 2019, equation 8).</param>
public sealed record JointSamples(int Count = 1, bool IsDoubly = false)
{
    /// <summary>What two remedies ask for together: the more samples, and the gradient that one of them asks for.</summary>
    /// <param name="other">The other one.</param>
    public JointSamples Or(JointSamples? other) => other is null ? this : new(Math.Max(Count, other.Count), IsDoubly || other.IsDoubly);
}
