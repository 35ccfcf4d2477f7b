using Ornstein.Priors;
using Ornstein.Remedies;
using Ornstein.Smoothing;

namespace Ornstein.Models;

/// <summary>Which remedies and priors go with which models.</summary>
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
        Require(remedy.Parts.SelectMany(part => part.Needs), model, smoothing);
    }

    /// <summary>Throws where a prior's value is out of range or does not fit the model.</summary>
    /// <param name="prior">The prior.</param>
    /// <param name="model">The architecture it is for.</param>
    /// <param name="smoothing">What is smoothed.</param>
    /// <exception cref="OrnsteinException">Names what is wrong and why.</exception>
    public static void Validate(this IPrior prior, ModelOptions model, SmoothingOptions smoothing)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(smoothing);
        prior.Validate();
        Require(prior.Needs, model, smoothing);
    }

    /// <summary>Throws where needs ask of networks what they turn out not to be.</summary>
    /// <exception cref="OrnsteinException">Names the network.</exception>
    internal static void Require(IEnumerable<ModelNeed> needs, ModelNetworks networks)
    {
        if (needs.FirstOrDefault(need => need.Property == ModelProperty.NetworksPerDatum) is not { } need) return;
        if (networks.All.FirstOrDefault(network => network.Network.CouplesRows || network.Network.IsRandom) is not { } unfit) return;
        throw new OrnsteinException(
            $"{need.Of} calls networks twice with data one by one, and the network of {unfit.Place.Name} "
            + (unfit.Network.IsRandom ? "draws random numbers in training" : "couples the rows of a batch") + $"; {need.Instead}.");
    }

    private static void Require(IEnumerable<ModelNeed> needs, ModelOptions model, SmoothingOptions smoothing)
    {
        foreach (var need in needs)
        {
            if (Misfit(need, model, smoothing) is { } misfit) throw new OrnsteinException($"{misfit}; {need.Instead}.");
        }
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
        ModelProperty.Markov => model is { Inference: InferenceKind.Chain, Skip: SkipConnections.None } ? null
            : $"{need.Of} takes links of two layers one by one, and with a ladder or skip connections a layer reads more than the next",
        _ => throw new InvalidOperationException($"{need.Property} is no property of a model."),
    };
}
