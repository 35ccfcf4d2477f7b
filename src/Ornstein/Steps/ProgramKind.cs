using System.Runtime.InteropServices;
using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Steps;

/// <summary>What members must have in common to share a program.</summary>
/// <param name="Smoothed">A letter for every link: s where it is smoothed, - where its function is simply called.</param>
/// <param name="Samples">Samples of a datum.</param>
/// <param name="IsJoint">Whether the objective is of joint samples.</param>
/// <param name="IsDoubly">Whether its gradient is doubly reparameterized.</param>
/// <param name="HasAllowance">Whether KLs may be allowed nats that cost nothing.</param>
/// <param name="IsCapped">Whether q's standard deviation of the top layer is capped.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProgramKind(string Smoothed, int Samples, bool IsJoint, bool IsDoubly, bool HasAllowance, bool IsCapped)
{
    /// <summary>That of a model as it is measured.</summary>
    /// <param name="smoothed">Which links are smoothed.</param>
    /// <param name="isCapped">Whether q's standard deviation of the top layer is capped.</param>
    public static ProgramKind Measured(IEnumerable<bool> smoothed, bool isCapped) => new(Pattern(smoothed), 1, false, false, false, isCapped);

    /// <summary>That of a member's training.</summary>
    /// <param name="remedy">Its remedies.</param>
    /// <param name="smoothed">Which links are smoothed.</param>
    public static ProgramKind Trained(Remedy remedy, IEnumerable<bool> smoothed)
    {
        var joint = remedy.Joint;
        return new ProgramKind(
            Pattern(smoothed), joint?.Count ?? 1, joint is not null, joint is { IsDoubly: true },
            joint is null && remedy.Parts.Any(part => StepSupport.Writes(part, nameof(IRemedy.Allowance))), IsCappedBy(remedy));
    }

    /// <summary>Whether remedies cap q's standard deviation of the top layer.</summary>
    public static bool IsCappedBy(Remedy remedy) => remedy.Parts.Any(part => part is CommittedRate);

    /// <summary>Whether a link is smoothed.</summary>
    public bool IsSmoothed(int link) => Smoothed[link] == 's';

    /// <summary>Whether any is.</summary>
    public bool SmoothsAny => Smoothed.Contains('s', StringComparison.Ordinal);

    /// <summary>Whether exactly those links are smoothed whose rho is below 1.</summary>
    /// <param name="rho">[links][members].</param>
    /// <param name="member">Which member.</param>
    public bool Fits(float[][] rho, int member)
    {
        for (var link = 0; link < rho.Length; link++)
        {
            if (IsSmoothed(link) != (rho[link][member] != 1)) return false;
        }

        return true;
    }

    private static string Pattern(IEnumerable<bool> smoothed) => string.Concat(smoothed.Select(isSmoothed => isSmoothed ? 's' : '-'));
}
