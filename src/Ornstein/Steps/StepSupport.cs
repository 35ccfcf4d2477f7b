using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Steps;

/// <summary>What programs of operations can compute of all that <see cref="HierarchicalVae"/> defines with tensors.</summary>
internal static class StepSupport
{
    /// <summary>Throws where the networks are of a kind that programs have no operations for.</summary>
    /// <exception cref="OrnsteinException">Names it.</exception>
    public static void RequireNetworks(ModelOptions options)
    {
        var what = options.Inference == InferenceKind.Ladder ? "a ladder"
            : options.Skip != SkipConnections.None ? "skip connections"
            : options.NormalizesBatches ? "batch normalization"
            : options.DecoderScale != DecoderScale.Fixed ? $"a decoder variance that is {options.DecoderScale.ToString().ToLowerInvariant()}"
            : null;
        if (what is null) return;
        throw new OrnsteinException(
            $"steps and importance-weighted bounds have no operations for {what} yet; differentiate the tensors of HierarchicalVae by autograd.");
    }

    /// <summary>Throws where a member has a remedy that steps have no operations for: they know warm-up, beta and annealed rho.</summary>
    /// <exception cref="OrnsteinException">Names it.</exception>
    public static void RequireObjective(HierarchicalVae vae)
    {
        foreach (var remedy in vae.Members.Select(member => member.Remedy))
        {
            var what = remedy.FreeBits is not null ? "free bits"
                : remedy.Importance is not null ? "the importance-weighted objective"
                : remedy.MinimumRate != 0 ? "a minimum rate"
                : remedy.Aggressive is not null ? "aggressive updates of the encoder"
                : null;
            if (what is not null) throw new OrnsteinException($"steps do not train with {what} yet; differentiate it by autograd.");
        }
    }
}
