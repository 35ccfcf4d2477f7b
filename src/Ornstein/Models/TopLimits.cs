using Ornstein.Gaussians;
using Ornstein.Remedies;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>What members' remedies make of q's Gaussian of the top layer (<see cref="IRemedy.LimitTop"/>).</summary>
internal sealed class TopLimits
{
    private readonly Func<DiagonalGaussian, DiagonalGaussian>[][] _limits; // of every member, in order
    private readonly bool _areSame;

    private TopLimits(IRemedy[][] limiting)
    {
        _limits = [.. limiting.Select(parts => parts.Select(part => part.LimitTop!).ToArray())];
        _areSame = limiting.All(parts => parts.SequenceEqual(limiting[0]));
    }

    /// <summary>Those of a stack; null where no member has any.</summary>
    public static TopLimits? Of(IReadOnlyList<Member> members)
    {
        IRemedy[][] limiting = [.. members.Select(member => member.Remedy.Parts.Where(part => part.LimitTop is not null).ToArray())];
        return limiting.All(parts => parts.Length == 0) ? null : new TopLimits(limiting);
    }

    /// <summary>q within the limits: all members at once where they have the same.</summary>
    /// <param name="q">[members, rows, units].</param>
    public DiagonalGaussian Apply(DiagonalGaussian q)
    {
        if (_areSame) return Limited(q, _limits[0]);
        var (means, deviations) = (Slices(q.Mean), Slices(q.StandardDeviation));
        for (var i = 0; i < _limits.Length; i++)
        {
            if (_limits[i].Length == 0) continue;
            var own = Limited(new(means[i].unsqueeze(0), deviations[i].unsqueeze(0)), _limits[i]);
            (means[i], deviations[i]) = (own.Mean.squeeze(0), own.StandardDeviation.squeeze(0));
        }

        return new DiagonalGaussian(stack(means, 0), stack(deviations, 0));
    }

    private Tensor[] Slices(Tensor values) => values.expand(_limits.Length, -1, -1).unbind(0);

    private static DiagonalGaussian Limited(DiagonalGaussian q, Func<DiagonalGaussian, DiagonalGaussian>[] limits) =>
        limits.Aggregate(q, (limited, limit) => limit(limited));
}
