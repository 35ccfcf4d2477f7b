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
        foreach (var need in remedy.Parts.SelectMany(part => part.Needs))
        {
            if (Misfit(need, model, smoothing) is { } misfit) throw new OrnsteinException($"{misfit}; {need.Instead}.");
        }
    }

    /// <summary>Throws where a remedy asks of networks what they turn out not to be.</summary>
    /// <exception cref="OrnsteinException">Names the network.</exception>
    internal static void Validate(this Remedy remedy, ModelNetworks networks)
    {
        if (remedy.Parts.SelectMany(part => part.Needs).FirstOrDefault(need => need.Property == ModelProperty.NetworksPerDatum) is not { } need) return;
        if (networks.All.FirstOrDefault(network => network.Network.CouplesRows || network.Network.IsRandom) is not { } unfit) return;
        throw new OrnsteinException(
            $"{need.Of} calls networks twice with data one by one, and the network of {unfit.Place.Name} "
            + (unfit.Network.IsRandom ? "draws random numbers in training" : "couples the rows of a batch") + $"; {need.Instead}.");
    }

    private static string? Misfit(ModelNeed need, ModelOptions model, SmoothingOptions smoothing) => need.Property switch
    {
        ModelProperty.LikelihoodPerDatum => !model.Likelihood.DependsOnBatch ? null
            : $"a likelihood that depends on the batch, such as an analytic variance, is at its best for the ELBO, not for {need.Of}",
        ModelProperty.NetworksPerDatum => !model.Networks.CouplesRows ? null : $"{need.Of} takes data one by one, and batch normalization couples them",
        ModelProperty.QApartFromP => model.Inference != InferenceKind.Ladder ? null : $"{need.Of} takes q apart from p, and a ladder's q contains p",
        ModelProperty.PlainQ => !smoothing.Networks.HasFlag(SmoothedNetworks.Q) ? null : $"{need.Of} is offered with p smoothed only, not q",
        ModelProperty.StandardPrior => model.Prior is StandardNormalPrior ? null
            : $"{need.Of} is a distance from the standard normal prior, and the model has the prior '{model.Prior.Name}'",
        _ => throw new InvalidOperationException($"{need.Property} is no property of a model."),
    };
}
