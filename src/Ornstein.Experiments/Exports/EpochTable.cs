using System.Text;
using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Exports;

/// <summary>The epochs of all models of a run as one table, a line for each epoch of each model, as pandas and R like it.</summary>
internal static class EpochTable
{
    /// <summary>The table as CSV. Nats per datum; empty where there is no number.</summary>
    public static string Csv(IReadOnlyList<TrainedEpochs> models)
    {
        var quantities = TrainedEpochs.Quantities(models);
        var text = new StringBuilder(CsvText.Line(["rho", "remedy", "seed", "epoch", "step", .. quantities.Select(quantity => quantity.Key)]));
        foreach (var model in models)
        {
            foreach (var epoch in model.Epochs)
            {
                text.Append(CsvText.Line([
                    model.Rho, model.Remedy, $"{model.Seed}", $"{epoch.Epoch}", $"{epoch.Step}", .. quantities.Select(quantity => CsvText.Number(quantity.Of(epoch, model.Place)))]));
            }
        }

        return text.ToString();
    }
}
