using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>What is known of every layer as text: a row per rho, remedy and layer, means over seeds.</summary>
internal static class LayersTable
{
    private const int Width = 120;

    public static void Write(EvaluationResult result, TextWriter output)
    {
        var table = LayerRows.Of(result.Phase, result, isNarrow: true);
        if (table.Rows.Length == 0) return;
        string[] names = RowNames.Head(RhoSummary.HasSeveralRemedies(result.Phase));
        string[] Names(int row) => row > 0 && table.Rows[row].Names.SequenceEqual(table.Rows[row - 1].Names) ? [.. names.Select(_ => "")] : table.Rows[row].Names;
        var width = ScreenWriter.ColumnsOf(output) ?? Width;
        string[] head = [.. names, "layer", .. table.Head];
        foreach (var block in Table.Blocks(head, table.Rows.Select(row => (string[])[.. row.Names, row.Layer, .. row.Cells]), names.Length + 1, width))
        {
            int[] columns = [.. block.Skip(names.Length + 1).Select(column => column - names.Length - 1)];
            // The row without layers says something in few columns.
            var rows = table.Rows.Index().Where(row => row.Item.Layer != LayerRows.Prior || columns.Any(column => row.Item.Cells[column].Length > 0));
            Table.Write(
                output, [.. block.Select(column => head[column])],
                rows.Select(row => (string[])[.. Names(row.Index), row.Item.Layer, .. columns.Select(column => row.Item.Cells[column])]), names.Length + 1);
            output.WriteLine();
        }

        output.WriteLine("mean over seeds, nats per datum, unsmoothed model; standard errors with --json; all of it: docs/evaluation.md");
        foreach (var line in QuantityText.Lines(table.Legends, width)) output.WriteLine(PrintableText.Of(line));
        foreach (var line in Limits(result)) output.WriteLine(line);
        foreach (var line in table.Reasons) output.WriteLine(PrintableText.Of(line));
    }

    /// <summary>How far the numbers can reach, a line each.</summary>
    public static IEnumerable<string> Limits(EvaluationResult result)
    {
        if (result.Models.Any(model => model.Layers.Any(layer => layer.Information is not null)))
            yield return $"the lower bound on I(x; z) is at most ln {result.InformationOn} = {TableNumber.Text(Math.Log(result.InformationOn), "0.00")}";
        if (result.ChanceAccuracy is { } accuracy) yield return $"labels by chance: {QuantityText.Number(accuracy.Value, Quantity.Share)}";
    }
}
