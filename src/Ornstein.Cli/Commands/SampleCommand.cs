using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary><c>sample RUN</c>: images from the smoothed generative models of a run.</summary>
internal static class SampleCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Folder of the run." };
        var count = new Option<int>("--count") { Description = "Samples per model.", HelpName = "N", DefaultValueFactory = _ => 16 };
        var seed = new Option<long>("--seed") { Description = "Seed of the samples, the same for every model.", HelpName = "N" };
        var every = new Option<bool>("--every-seed") { Description = "A row for every model, not only for those of the first seed." };
        var output = new Option<string?>("--out")
        {
            Description = "PNG file to write; samples-SEED.png in the run folder otherwise.", HelpName = "FILE",
        };
        var on = new MeasuredOnOptions();
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON on standard output." };
        var command = new Command("sample", "Draw images from the smoothed generative models of a run, a row per rho and remedy.")
        {
            run, count, seed, every, output, json,
        };
        on.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "runs/NAME                                        16 images for every rho",
            "runs/NAME --count 8 --seed 3 --out samples.png   others, to a file of your choice");
        command.SetAction(parsed => Interruption.Guard(stop =>
        {
            var columns = parsed.GetValue(count);
            if (columns is < 1 or > 1000) throw UsageError.Because($"--count {columns} is out of range; it must be between 1 and 1000");
            using var stored = StoredRun.Open(parsed.GetValue(run)!, on.Of(parsed), settings => settings, stop);
            if (stored.Data.Shape is not { } shape)
                throw new OrnsteinException($"data '{stored.Data.Name}' are not images, so there is no picture to draw.");
            IReadOnlyList<int> asked = parsed.GetValue(every)
                ? [.. Enumerable.Range(0, stored.Vae.Members.Count)]
                : RunPictures.FirstSeed(stored.Vae);
            var members = Usable(stored, asked, stop);
            var path = parsed.GetValue(output) ?? stored.Folder.File($"samples-{parsed.GetValue(seed)}.png");
            var picture = RunPictures.Samples(stored.Vae, shape, members, columns, parsed.GetValue(seed));
            AtomicFile.Write(path, stream => stream.Write(picture));
            var written = new { file = path, models = members.Count, samples = columns };
            Console.Out.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(written, ResultJson.Indented) : $"wrote {PrintableText.Of(path)}");
            return ExitCodes.Success;
        }));
        return command;
    }

    // Pixels that are not numbers would come out black, and those of a model that diverged as noise, as if a model had drawn them.
    private static List<int> Usable(StoredRun stored, IReadOnlyList<int> asked, CancellationToken stop)
    {
        var unusable = UnusableModel.Of(stored, stop);
        List<int> usable = [.. asked.Where(member => unusable[member] is null)];
        (string Name, UnusableModel Model)[] others = [.. asked.Except(usable).Select(member =>
            ($"rho {RunPictures.NameOf(stored.Vae, member)}, seed {stored.Vae.Members[member].Seed}", unusable[member]!))];
        if (usable.Count == 0)
        {
            var diverged = others.Where(other => other.Model.DivergedAt is not null).Select(other => $"{other.Name}: {other.Model.Why("it", "its")}");
            var notFinite = others.Where(other => other.Model.DivergedAt is null).GroupBy(other => other.Model.Numbers, other => other.Name)
                .Select(group => $"the {group.Key} that {stored.Folder.Checkpoint} gives are not finite for {string.Join("; ", group)}");
            throw new OrnsteinException($"there is nothing to draw: {string.Join("; ", diverged.Concat(notFinite))}.");
        }

        foreach (var (name, model) in others) Console.Error.WriteLine($"{name}: left out, {model.Why("it", "its")}");
        return usable;
    }
}
