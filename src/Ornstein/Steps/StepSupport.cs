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

    /// <summary>Throws where a member's objective is not the plain one.</summary>
    /// <exception cref="OrnsteinException">A member has a remedy.</exception>
    public static void RequireObjective(HierarchicalVae vae)
    {
        if (vae.Members.All(member => ReferenceEquals(member.Remedy, Remedy.None))) return;
        throw new OrnsteinException("steps train the plain objective so far; differentiate a member's remedy by autograd.");
    }
}
