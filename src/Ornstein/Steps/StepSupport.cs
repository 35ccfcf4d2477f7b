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
    private static readonly string[] _uncalled = [nameof(IRemedy.Apply), nameof(IRemedy.Allowance), nameof(IRemedy.EncoderUpdates)];

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

    /// <summary>The same of a remedy's objective and updates: each says itself what it can.</summary>
    public static string? Lacks(Remedy remedy) => remedy.Parts.Select(Lacks).FirstOrDefault(what => what is not null);

    /// <summary>The same of one remedy. What has hooks that programs do not call lacks them, whatever it says.</summary>
    public static string? Lacks(IRemedy remedy) => remedy.NotFused
        ?? (remedy.LimitTop is not null || remedy.Joint is not null || Writes(remedy, _uncalled) ? $"the remedy '{remedy.Name}'" : null);

    /// <summary>The same of a stack.</summary>
    public static string? Lacks(HierarchicalVae vae) =>
        LacksOn(vae.Parameters) ?? Lacks(vae.Options) ?? Lacks(vae.Smoothing) ?? vae.Members.Select(member => Lacks(member.Remedy)).FirstOrDefault(what => what is not null);

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

    // Programs work on the processor's memory.
    private static string? LacksOn(StackParameters parameters) => parameters.IsOnProcessor ? null : $"the device {parameters.Device}";

    // Whether one of the hooks is the remedy's own, not the default.
    private static bool Writes(IRemedy remedy, string[] hooks)
    {
        var map = remedy.GetType().GetInterfaceMap(typeof(IRemedy));
        return map.InterfaceMethods.Zip(map.TargetMethods).Any(pair => hooks.Contains(pair.First.Name) && pair.Second.DeclaringType != typeof(IRemedy));
    }
}
