using System.Reflection;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;

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
        var others = options with
        {
            Data = plain.Data, Latents = plain.Latents, Networks = plain.Networks, Likelihood = plain.Likelihood, Inference = plain.Inference, Skip = plain.Skip,
        };
        return others == plain ? options.Networks.NotFused ?? Lacks(options.Likelihood)
            : !options.Prior.Equals(plain.Prior) ? $"the prior '{options.Prior.Name}'"
            : Difference(others, plain);
    }

    /// <summary>The same of a likelihood, which says itself what it can. One with a parameter of its own, or of the batch's, needs the methods for them too.</summary>
    public static string? Lacks(ILikelihood likelihood) =>
        likelihood is IFusedLikelihood fused && KnowsOwn(fused) ? fused.NotFused : $"the likelihood '{likelihood.Name}'";

    /// <summary>The same of how networks are smoothed.</summary>
    public static string? Lacks(SmoothingOptions options)
    {
        var plain = _plainSmoothing;
        var others = options with { Networks = plain.Networks, Draws = plain.Draws, Sampler = plain.Sampler, Measure = plain.Measure };
        return others == plain ? null : Difference(others, plain);
    }

    /// <summary>The same of a remedy's objective and updates: each says itself what it can.</summary>
    public static string? Lacks(Remedy remedy) => remedy.Parts.Select(Lacks).FirstOrDefault(what => what is not null);

    /// <summary>The same of one remedy. What has hooks of tensors lacks them, whatever it says; that of a committed rate is an operation.</summary>
    public static string? Lacks(IRemedy remedy) => remedy.NotFused
        ?? ((remedy.LimitTop is not null && remedy is not CommittedRate) || Writes(remedy, nameof(IRemedy.Apply)) ? $"the remedy '{remedy.Name}'" : null);

    /// <summary>The same of a stack.</summary>
    public static string? Lacks(HierarchicalVae vae) =>
        LacksOn(vae.Parameters) ?? Lacks(vae.Options) ?? Lacks(vae.Smoothing)
        ?? vae.Members.Select(member => Lacks(member.Remedy) ?? Lacks(member.Remedy, vae)).FirstOrDefault(what => what is not null);

    /// <summary>
    /// The same of what is left of a stack once it is trained, whose objective and updates do not matter any more: of remedies, what changes the model.
    /// </summary>
    public static string? LacksWhenTrained(HierarchicalVae vae) =>
        LacksOn(vae.Parameters) ?? Lacks(vae.Options) ?? Lacks(vae.Smoothing)
        ?? vae.Members.SelectMany(member => member.Remedy.Parts).Where(part => part.LimitTop is not null).Select(Lacks).FirstOrDefault();

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

    /// <summary>Whether a hook is the remedy's own, not the default.</summary>
    internal static bool Writes(IRemedy remedy, string hook) => Writes<IRemedy>(remedy, method => method.Name == hook);

    private static bool Writes<T>(T part, Func<MethodInfo, bool> isHook)
        where T : class
    {
        var map = part.GetType().GetInterfaceMap(typeof(T));
        return map.InterfaceMethods.Zip(map.TargetMethods).Any(pair => isHook(pair.First) && pair.Second.DeclaringType != typeof(T));
    }

    private static bool KnowsOwn(IFusedLikelihood likelihood)
    {
        var own = likelihood.Parameters;
        if (likelihood.DependsOnBatch && !(own is [{ IsTrained: false }] && Writes(likelihood, method => method.Name == nameof(IFusedLikelihood.Fitted)))) return false;
        return own.Count == 0 || (own.Count == 1 && Writes(likelihood, method =>
            method.Name == nameof(IFusedLikelihood.NegativeLogProbability) && method.GetParameters().Any(parameter => parameter.Name == "ownGradient")));
    }

    // Joint samples have operations for the models that the library's own objective is allowed with; a remedy from outside may ask for others.
    private static string? Lacks(Remedy remedy, HierarchicalVae vae)
    {
        if (remedy.Joint is not { } joint) return null;
        if (joint.Count > 1 && vae.Options.Likelihood.DependsOnBatch) return "several samples and a likelihood that depends on the batch";
        var isApart = vae.Options.Inference == InferenceKind.Chain && !vae.Options.Networks.CouplesRows && !vae.Smoothing.Networks.HasFlag(SmoothedNetworks.Q);
        return joint.IsDoubly && !isApart ? "the doubly reparameterized gradient of this model" : null;
    }

    // Programs work on the processor's memory.
    private static string? LacksOn(StackParameters parameters) => parameters.IsOnProcessor ? null : $"the device {parameters.Device}";
}
