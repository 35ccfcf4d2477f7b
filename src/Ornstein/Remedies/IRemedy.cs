using Ornstein.Gaussians;

namespace Ornstein.Remedies;

/// <summary>
/// What fights posterior collapse in one member, beside smoothing. One class is a remedy: those of this folder use what a stranger can use. Every
/// hook has a default that does nothing, so that a remedy writes down what it does and no more. Immutable, and equal where it means the same: a record.
/// A member may have several (<see cref="Remedy"/>).
/// </summary>
public interface IRemedy
{
    /// <summary>As configurations write it: lower case, such as <c>free-bits</c>.</summary>
    string Name { get; }

    /// <summary>How it is written in configurations and results, with all that is no default; null where settings say it otherwise.</summary>
    WrittenRemedy? Written => new(Name);

    /// <summary>What a member has at most one of, as a noun: remedies of one role exclude each other.</summary>
    string Role => Name;

    /// <summary>
    /// What of it training steps without tensors lack, in a few words; null where it has no <see cref="LimitTop"/> and no <see cref="Apply"/>: all other hooks
    /// are numbers, which they read. Stacks with a member that has anything else train by autograd.
    /// </summary>
    string? NotFused => $"the remedy '{Name}'";

    /// <summary>
    /// Whether the objective stays what it is without this remedy: no weights of KLs, nothing added. The doubly reparameterized gradient, which is
    /// that of the bound itself, goes with such remedies alone.
    /// </summary>
    bool KeepsObjective => false;

    /// <summary>What the model must be like.</summary>
    IReadOnlyList<ModelNeed> Needs => [];

    /// <summary>Throws where a value of its own is out of range.</summary>
    /// <param name="layers">Layers of the model it is for.</param>
    /// <exception cref="OrnsteinException">Names the value and what would be right.</exception>
    void Validate(int layers)
    {
    }

    /// <summary>Throws where it makes no sense beside others, each of which is in range.</summary>
    /// <param name="others">The other remedies of the member.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <exception cref="OrnsteinException">Names what does not go together, and why.</exception>
    void ValidateBeside(IReadOnlyList<IRemedy> others, int layers)
    {
    }

    /// <summary>What a layer's KL is multiplied by, at least 0; those of several remedies multiply.</summary>
    /// <param name="layer">Which layer, from 0 for z1.</param>
    /// <param name="clock">The moment.</param>
    double KlWeight(int layer, TrainingClock clock) => 1;

    /// <summary>Smoothing parameter of a link at a moment, in [0, 1].</summary>
    /// <param name="start">Where it begins, or where a remedy before has taken it.</param>
    /// <param name="link">Which link, from 0 for the one between z1 and z2.</param>
    /// <param name="links">Links of the model.</param>
    /// <param name="clock">The moment.</param>
    double Rho(double start, int link, int links, TrainingClock clock) => start;

    /// <summary>Below which a layer's KL, mean over the batch, costs no less; of several remedies the greater counts.</summary>
    /// <param name="layer">Which layer, from 0 for z1.</param>
    /// <param name="clock">The moment.</param>
    KlAllowance Allowance(int layer, TrainingClock clock) => KlAllowance.None;

    /// <summary>The objective of joint samples that takes the place of the one with a KL per layer; null: none does.</summary>
    JointSamples? Joint => null;

    /// <summary>
    /// Updates of q alone, each on a batch of its own, before all steps that are done at a moment: what comes before the next step is the difference to
    /// the moment after it.
    /// </summary>
    /// <param name="clock">The moment.</param>
    long EncoderUpdates(TrainingClock clock) => 0;

    /// <summary>
    /// Changes q's Gaussian of the top layer, [members, rows, units], member by member, wherever q is computed: part of the model, trained or not.
    /// Null: q is as its network gives it.
    /// </summary>
    Func<DiagonalGaussian, DiagonalGaussian>? LimitTop => null;

    /// <summary>
    /// Changes what a member's objective adds up: other costs of KLs (<see cref="ObjectiveTerms.Kl"/>), or a term of its own
    /// (<see cref="ObjectiveTerms.Plus"/>). Autograd differentiates it.
    /// </summary>
    /// <param name="terms">The terms of one member, as remedies before have left them.</param>
    /// <param name="clock">The moment.</param>
    ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock) => terms;

    /// <summary>Sentences, without a full stop, where a training is too short for its schedule.</summary>
    /// <param name="use">The training, and the members that have it.</param>
    IEnumerable<string> Unfinished(RemedyUse use) => [];
}
