using Ornstein.Priors;
using Ornstein.Remedies;
using Ornstein.Smoothing;

namespace Ornstein.Models;

/// <summary>Which remedies go with which models.</summary>
public static class RemedyRules
{
    /// <summary>Throws where a value is out of range, makes no sense beside another, or does not fit the model.</summary>
    /// <param name="remedy">The remedy.</param>
    /// <param name="model">The architecture it is for.</param>
    /// <param name="smoothing">What is smoothed.</param>
    /// <exception cref="OrnsteinException">Names what is wrong and why.</exception>
    public static void Validate(this Remedy remedy, ModelOptions model, SmoothingOptions smoothing)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(smoothing);
        remedy.Validate(model.Layers);
        if (remedy.MinimumRate != 0 && model.Prior is not StandardNormalPrior)
            throw new OrnsteinException($"a minimum rate is a distance from the standard normal prior, and the model has the prior '{model.Prior.Name}'; leave one of the two out.");
        if (remedy.Importance is not { } importance) return;
        if (model.Likelihood.DependsOnBatch)
        {
            throw new OrnsteinException(
                "a likelihood that depends on the batch, such as an analytic variance, is at its best for the ELBO, not for the importance-weighted "
                + "objective; take a learned one.");
        }

        if (importance.Gradient != ImportanceGradient.DoublyReparameterized) return;
        if (model.Inference == InferenceKind.Ladder)
            throw new OrnsteinException("the doubly reparameterized gradient takes q apart from p, and a ladder's q contains p; take the ordinary gradient.");
        if (model.Networks.CouplesRows)
            throw new OrnsteinException("the doubly reparameterized gradient takes data one by one, and batch normalization couples them; take the ordinary one.");
        if (smoothing.Networks.HasFlag(SmoothedNetworks.Q))
            throw new OrnsteinException("the doubly reparameterized gradient is offered with p smoothed only, not q.");
    }

    /// <summary>Throws where a remedy asks of networks what they turn out not to be.</summary>
    /// <exception cref="OrnsteinException">Names the network.</exception>
    internal static void Validate(this Remedy remedy, ModelNetworks networks)
    {
        if (remedy.Importance?.Gradient != ImportanceGradient.DoublyReparameterized) return;
        if (networks.All.FirstOrDefault(network => network.Network.CouplesRows || network.Network.IsRandom) is not { } unfit) return;
        throw new OrnsteinException(
            $"the doubly reparameterized gradient calls networks twice with data one by one, and the network of {unfit.Place.Name} "
            + (unfit.Network.IsRandom ? "draws random numbers in training" : "couples the rows of a batch") + "; take the ordinary gradient.");
    }
}
