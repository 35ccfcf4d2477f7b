using System.Reflection;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Smoothing;

namespace Ornstein.Steps;

/// <summary>
/// What programs of operations can compute of all that <see cref="HierarchicalVae"/> defines with tensors. Options that they know are listed, and all
/// others must be at their defaults: an option that nobody thought of here is one that programs lack.
/// </summary>
internal static class StepSupport
{
    private static readonly ModelOptions _plainModel = new() { Data = 1 };
    private static readonly SmoothingOptions _plainSmoothing = new();

    /// <summary>What the networks need that programs have no operations for, in a few words; null where they have all.</summary>
    public static string? Lacks(ModelOptions options)
    {
        var plain = _plainModel;
        var others = options with { Data = plain.Data, Latents = plain.Latents, Networks = plain.Networks, Likelihood = plain.Likelihood };
        return others == plain ? options.Networks.NotFused ?? Lacks(options.Likelihood)
            : options.Inference == InferenceKind.Ladder ? "a ladder"
            : options.Skip != plain.Skip ? "skip connections"
            : !options.Prior.Equals(plain.Prior) ? $"the prior '{options.Prior.Name}'"
            : Difference(others, plain);
    }

    /// <summary>The same of a likelihood, which says itself what it can.</summary>
    public static string? Lacks(ILikelihood likelihood) =>
        likelihood is IFusedLikelihood fused ? fused.NotFused : $"the likelihood '{likelihood.Name}'";

    /// <summary>The same of how networks are smoothed.</summary>
    public static string? Lacks(SmoothingOptions options)
    {
        var plain = _plainSmoothing;
        var others = options with { Networks = plain.Networks, Draws = plain.Draws, Sampler = plain.Sampler, Measure = plain.Measure };
        return others == plain ? null : Difference(others, plain);
    }

    /// <summary>The same of a remedy's objective and updates.</summary>
    public static string? Lacks(Remedy remedy)
    {
        var plain = Remedy.None;
        var others = remedy with { WarmUp = plain.WarmUp, Beta = plain.Beta, Annealing = plain.Annealing };
        return others == plain ? null
            : remedy.FreeBits is not null ? "free bits"
            : remedy.Importance is not null ? "the importance-weighted objective"
            : remedy.Form != plain.Form ? "the joint form of the objective"
            : remedy.MinimumRate != 0 ? "a minimum rate"
            : remedy.Aggressive is not null ? "aggressive updates of the encoder"
            : Difference(others, plain);
    }

    /// <summary>The same of a stack.</summary>
    public static string? Lacks(HierarchicalVae vae) =>
        Lacks(vae.Options) ?? Lacks(vae.Smoothing) ?? vae.Members.Select(member => Lacks(member.Remedy)).FirstOrDefault(what => what is not null);

    /// <summary>
    /// The same of what is left of a stack once it is trained, whose objective and updates do not matter any more: of remedies, what changes the model.
    /// </summary>
    public static string? LacksWhenTrained(HierarchicalVae vae) =>
        Lacks(vae.Options) ?? Lacks(vae.Smoothing)
        ?? vae.Members.Select(member => Lacks(OfModel(member.Remedy))).FirstOrDefault(what => what is not null);

    /// <summary>Throws where programs lack an operation.</summary>
    /// <exception cref="OrnsteinException">Names what for.</exception>
    public static void Require(string? lacking)
    {
        if (lacking is not null) throw new OrnsteinException($"there are no operations for {lacking}; differentiate its tensors by autograd.");
    }

    /// <summary>The first option in which two records differ, in words.</summary>
    internal static string Difference<T>(T options, T plain)
        where T : class
    {
        var other = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(property => property.CanWrite && !Equals(property.GetValue(options), property.GetValue(plain)));
        return $"the option {other?.Name ?? typeof(T).Name}";
    }

    private static Remedy OfModel(Remedy remedy) => remedy with { FreeBits = null, Form = ObjectiveForm.Kl, Importance = null, Aggressive = null };
}
