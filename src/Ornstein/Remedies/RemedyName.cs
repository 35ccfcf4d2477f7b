using System.Globalization;

namespace Ornstein.Remedies;

/// <summary>What results call a remedy: parts joined by <c>+</c>, as the command line writes them, and <c>joint</c> for that form of the objective.</summary>
public static class RemedyName
{
    private static readonly RhoAnnealing _annealing = new();
    private static readonly AggressiveEncoder _aggressive = new();

    /// <summary>Its name; null for no remedy. Two remedies have one name where they train alike.</summary>
    public static string? Of(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        var parts = new List<string>();
        if (remedy.WarmUp is { } warmUp)
            parts.Add(warmUp.Shape == WarmUpShape.Cyclic ? $"cyclic:{warmUp.Cycles}" : $"warm-up:{Number(warmUp.Epochs)}");
        if (remedy.Beta is not [1]) parts.Add($"beta:{Numbers(remedy.Beta)}");
        if (remedy.FreeBits is { } bits)
        {
            parts.Add($"free-bits:{Number(bits.Nats)}{(bits.Scope == FreeBitsScope.Layer ? ":per=layer" : "")}"
                + (bits.Cooldown == 0 ? "" : $":cooldown={Number(bits.Cooldown)}"));
        }

        if (remedy.Annealing is { } annealing) parts.Add(Annealing(annealing));
        if (remedy.Importance is { } importance)
            parts.Add($"iwae:{importance.Samples}{(importance.Gradient == ImportanceGradient.DoublyReparameterized ? ":gradient=dreg" : "")}");
        if (remedy.MinimumRate != 0) parts.Add($"min-rate:{Number(remedy.MinimumRate)}");
        if (remedy.Aggressive is { } aggressive)
            parts.Add($"aggressive:{aggressive.Updates}{(aggressive.Epochs == _aggressive.Epochs ? "" : $":epochs={Number(aggressive.Epochs)}")}");
        if (remedy.Form == ObjectiveForm.Joint && remedy.Importance is null) parts.Add("joint"); // importance weights are of joint samples anyway
        return parts.Count == 0 ? null : string.Join('+', parts);
    }

    /// <summary>A number without a plus, which joins parts.</summary>
    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("+", "", StringComparison.Ordinal);

    private static string Numbers(IEnumerable<double> values) => string.Join('/', values.Select(Number));

    private static string Annealing(RhoAnnealing annealing)
    {
        var order = annealing.Order switch
        {
            AnnealingOrder.LowestFirst => ":order=lowest-first",
            AnnealingOrder.HighestFirst => ":order=highest-first",
            _ => "",
        };
        return "anneal" + (annealing.To is [1] ? "" : $":to={Numbers(annealing.To)}")
            + (annealing.Until == _annealing.Until ? "" : $":until={Number(annealing.Until)}") + order + (annealing.ByEpoch ? ":by=epoch" : "");
    }
}
