using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Runs;
using Ornstein.Results;
using TorchSharp;

namespace Ornstein.Experiments.Exports;

/// <summary>The epochs of a run as event files of TensorBoard, a folder for each model, and the run's pictures beside them.</summary>
internal static class EventFiles
{
    // Of all that TensorBoard reads in a folder, what an earlier export wrote.
    private const string Suffix = "ornstein", Pattern = $"events.out.tfevents.*{Suffix}";

    private static readonly string[] _pictures = ["samples.png", "reconstructions.png"];

    /// <summary>Writes them; those of an earlier export are replaced.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="models">The models.</param>
    /// <param name="run">The run folder, whose pictures are taken where it has any.</param>
    /// <returns>Number of models written.</returns>
    public static int Write(string folder, IReadOnlyList<TrainedEpochs> models, string run)
    {
        RunThreads.Set(0); // loads libtorch, with its words for it where it does not load
        var quantities = TrainedEpochs.Quantities(models);
        foreach (var model in models)
        {
            var writer = Writer(Path.Combine(folder, model.Name));
            foreach (var epoch in model.Epochs)
            {
                Add(writer, quantities, epoch, model.Place);
            }
        }

        Pictures(folder, run, checked((int)models.Max(model => model.Epochs.Select(epoch => epoch.Step).LastOrDefault())));
        return models.Count;
    }

    /// <summary>Adds an epoch of a model to its events.</summary>
    public static void Add(TorchSharp.Modules.SummaryWriter writer, IReadOnlyList<EpochQuantity> quantities, EpochMetrics epoch, int place)
    {
        foreach (var quantity in quantities)
        {
            // A slash makes a group of charts: all KLs of one layer side by side.
            if (quantity.Of(epoch, place) is { } value && double.IsFinite(value)) writer.add_scalar(Tag(quantity.Key), (float)value, checked((int)epoch.Step));
        }
    }

    /// <summary>The pictures of a run, where it has any.</summary>
    public static void Pictures(string folder, string run, int step)
    {
        string[] there = [.. _pictures.Select(name => Path.Combine(run, name)).Where(File.Exists)];
        if (there.Length == 0) return;
        var pictures = Writer(Path.Combine(folder, "pictures"));
        foreach (var picture in there) pictures.add_img(Path.GetFileNameWithoutExtension(picture), picture, step);
    }

    /// <summary>Begins the events of a model; those of an earlier export are gone.</summary>
    public static TorchSharp.Modules.SummaryWriter Writer(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetFiles(folder, Pattern)) File.Delete(old);
        return torch.utils.tensorboard.SummaryWriter(folder, Suffix, createRunName: false);
    }

    private static string Tag(string key) => key.LastIndexOf("-z", StringComparison.Ordinal) is var at and > 0 ? $"{key[..at]}/{key[(at + 1)..]}" : key;
}
