using System.Globalization;
using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// Allowances of free bits beyond what a layer can tell of the training data. Averaged over N data a layer's KL is what it tells of which datum it is, at most
/// log N nats, and how far all its codes together are from the prior. A KL that rises to a larger allowance, which costs nothing, may be of the second kind.
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
        return $"free bits leave more nats free than a layer can tell of {data.ToString("N0", CultureInfo.InvariantCulture)} training data, log N = {ScheduleEnd.Text(most)} ({layers}): "
            + "beyond it their KL is the distance of all codes together from the prior, and no information; give fewer nats, or per=layer";
    }

    private static double NatsOf(KlAllowance allowance, int units) => Math.Max(allowance.Unit * units, allowance.Layer);
}
