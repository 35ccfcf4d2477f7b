using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Steps;

/// <summary>What programs of operations can compute of all that <see cref="HierarchicalVae"/> defines with tensors.</summary>
internal static class StepSupport
{
    /// <summary>What the networks need that programs have no operations for, in a few words; null where they have all.</summary>
    public static string? Lacks(ModelOptions options) =>
        options.Inference == InferenceKind.Ladder ? "a ladder"
        : options.Skip != SkipConnections.None ? "skip connections"
        : options.NormalizesBatches ? "batch normalization"
        : options.DecoderScale != DecoderScale.Fixed ? $"a decoder variance that is {options.DecoderScale.ToString().ToLowerInvariant()}"
        : null;

    /// <summary>The same of a remedy's objective and updates: programs know warm-up, beta and annealed rho.</summary>
    public static string? Lacks(Remedy remedy) =>
        remedy.FreeBits is not null ? "free bits"
        : remedy.Importance is not null ? "the importance-weighted objective"
        : remedy.MinimumRate != 0 ? "a minimum rate"
        : remedy.Aggressive is not null ? "aggressive updates of the encoder"
        : null;

    /// <summary>The same of a stack.</summary>
    public static string? Lacks(HierarchicalVae vae) =>
        Lacks(vae.Options) ?? vae.Members.Select(member => Lacks(member.Remedy)).FirstOrDefault(what => what is not null);

    /// <summary>Throws where programs lack an operation.</summary>
    /// <exception cref="OrnsteinException">Names what for.</exception>
    public static void Require(string? lacking)
    {
        if (lacking is not null) throw new OrnsteinException($"there are no operations for {lacking}; differentiate its tensors by autograd.");
    }
}
