using Ornstein.Results;

namespace Ornstein.View.Exploration;

/// <summary>Answers what the page asks about models. What a query has that no model has is refused in a line.</summary>
internal static class ExplorerAnswers
{
    private const int MostPictures = 64;

    public static ExplorerDocument Model(LatentExplorer explorer, ExploredModel model)
    {
        var (shape, latents, result) = (model.Run.Data.Shape!, model.Run.Settings.Latents, model.Model.Result);
        return new ExplorerDocument(
            Form(model), explorer.Count,
            [
                .. explorer.Layers.Select((layer, i) => new LayerDocument(
                    latents[i].ToString(), Finite(layer.Mean), Finite(layer.Deviation), result?.UnitInformation?[i] is { } units ? [.. units.Select(unit => unit.Value)] : null, result?.UnitVariance?[i])),
            ]);
    }

    public static PointDocument Point(LatentExplorer explorer, PointQuery query)
    {
        if (query.Datum is { } datum && (datum < 0 || datum >= explorer.Count)) throw new OrnsteinException($"test data are numbered from 0 to {explorer.Count - 1}; there is no {datum}.");
        var point = query.Datum is { } row ? explorer.Encode(row) : explorer.Draw(query.Seed);
        RequireFinite(point);
        return new PointDocument(point, explorer.Below(point, 0, seed: null, 1).Pictures, query.Datum is { } original ? explorer.Original(original) : null);
    }

    /// <summary>The point with the layers below made anew, and its pictures, one after another.</summary>
    public static PointDocument Below(LatentExplorer explorer, BelowQuery query)
    {
        RequirePoint(explorer, query.Point);
        RequireLayer(explorer, query.Lowest);
        RequireCount(query.Count);
        var (point, pictures) = explorer.Below(query.Point, query.Lowest, query.Seed, query.Count);
        RequireFinite(point);
        return new PointDocument(point, pictures, Original: null);
    }

    public static PicturesDocument Morph(LatentExplorer explorer, MorphQuery query)
    {
        RequirePoint(explorer, query.From);
        RequirePoint(explorer, query.To);
        RequireLayer(explorer, query.Lowest);
        RequireCount(query.Steps);
        return new PicturesDocument(explorer.Morph(query.From, query.To, query.Lowest, Math.Max(2, query.Steps)));
    }

    public static PicturesDocument Pictures(LatentExplorer explorer, PicturesQuery query)
    {
        RequireCount(query.Count);
        var (originals, made) = explorer.Reconstructions(Math.Min(query.Count, explorer.Count));
        return new PicturesDocument(made, originals, explorer.Samples(query.Count, query.Seed));
    }

    // Of a model that diverged, or of a point far beyond all that it was trained on.
    private static void RequireFinite(float[][] point)
    {
        if (!Array.TrueForAll(point, units => Array.TrueForAll(units, float.IsFinite))) throw new OrnsteinException("the model gives numbers there that are not finite.");
    }

    private static PictureForm Form(ExploredModel model) => model.Run.Data.Shape is var shape ? new PictureForm(shape!.Height, shape.Width, shape.Channels) : null!;

    private static float[] Finite(float[] values) => Array.ConvertAll(values, value => float.IsFinite(value) ? value : 0);

    private static void RequirePoint(LatentExplorer explorer, float[][]? point)
    {
        if (point is null || point.Length != explorer.Layers.Count || point.Where((units, i) => units is null || units.Length != explorer.Layers[i].Mean.Length || !Array.TrueForAll(units, float.IsFinite)).Any())
            throw new OrnsteinException($"a point of this model has {string.Join(", ", explorer.Layers.Select(layer => layer.Mean.Length))} finite numbers, z1 first.");
    }

    private static void RequireLayer(LatentExplorer explorer, int lowest)
    {
        if (lowest < 0 || lowest >= explorer.Layers.Count) throw new OrnsteinException($"layers are numbered from 0, which is z1, to {explorer.Layers.Count - 1}; there is no {lowest}.");
    }

    private static void RequireCount(int count)
    {
        if (count is < 1 or > MostPictures) throw new OrnsteinException($"{count} pictures are out of range; ask for 1 to {MostPictures}.");
    }
}
