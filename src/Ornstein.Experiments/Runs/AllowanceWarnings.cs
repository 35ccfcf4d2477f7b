using System.Globalization;
using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// Allowances of free bits beyond what tells the training data apart. Which of N data it is, a layer can tell by log N nats at most. The KL of a good model is
/// often larger, by the noise of the layer below and by how far all codes together are from p; but nats that are free are not asked what they are spent on.
/// </summary>
internal static class AllowanceWarnings
{
    /// <summary>A sentence for every remedy whose allowances are beyond log N in some layer.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="data">Number N of training data.</param>
    public static IEnumerable<string> Of(HierarchicalVae vae, int data) =>
        vae.Members.Select(member => member.Remedy).Distinct().Select(remedy => Of(remedy, vae.Options, data)).OfType<string>().Distinct(StringComparer.Ordinal);

    private static string? Of(Remedy remedy, ModelOptions model, int data)
    {
        var most = Math.Log(data);
        var start = new TrainingClock(0, 1, 1);
        var beyond = Enumerable.Range(0, model.Layers).Select(layer => (Layer: layer + 1, Nats: NatsOf(remedy.Allowance(layer, start), model.Units[layer])))
            .Where(free => free.Nats > most).ToArray();
        if (beyond.Length == 0) return null;
        var layers = string.Join(", ", beyond.Select(free => $"{ScheduleEnd.Text(free.Nats)} in z{free.Layer}"));
        return $"free bits leave more nats free than tell {data.ToString("N0", CultureInfo.InvariantCulture)} training data apart, log N = {ScheduleEnd.Text(most)} ({layers}): "
            + "a KL may be larger, but what is beyond tells nothing more of which datum it is; give fewer nats, or per=layer";
    }

    private static double NatsOf(KlAllowance allowance, int units) => Math.Max(allowance.Unit * units, allowance.Layer);
}
