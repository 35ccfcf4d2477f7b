using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ornstein.Runs;
using Tensorboard;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>How a training went, as other programs read it.</summary>
[Collection(EndToEndGroup.Name)]
public sealed partial class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_Csv_HasEveryEpochOfEveryModel()
    {
        Train("--remedy", "none,warm-up:2");
        Assert.Equal("wrote epochs.csv: 8 lines of 4 models\n", Export("--csv", "epochs.csv").Expect(0).Output);
        string[][] lines = [.. File.ReadLines(_folder.File("epochs.csv")).Select(line => line.Split(','))];
        Assert.Equal(9, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        var epochs = MetricsLog.Read(_folder.File("run/metrics.jsonl"));
        double Of(int line, string column) => double.Parse(lines[line][Array.IndexOf(lines[0], column)], CultureInfo.InvariantCulture);
        for (var member = 0; member < 4; member++)
        {
            for (var epoch = 0; epoch < 2; epoch++)
            {
                var line = 1 + (2 * member) + epoch;
                Assert.Equal((member / 2) + 0.5 - (member / 2 * 0.5), Of(line, "rho")); // 0.5, then 1
                Assert.Equal(member % 2 == 0 ? "none" : "warm-up:2", lines[line][1]);
                AssertSeven(-epochs[epoch].Loss[member], Of(line, "objective"));
                AssertSeven(epochs[epoch].Kl[1][member], Of(line, "kl-z2"));
                AssertSeven(epochs[epoch].ValidationKl![0][member], Of(line, "validation-kl-z1"));
                AssertSeven(epochs[epoch].KlWeight![0][member], Of(line, "kl-weight-z1"));
            }
        }
    }

    [Fact]
    public void Export_TensorBoard_IsReadBackWithItsCurvesAndPictures()
    {
        Train();
        Assert.Equal("wrote events: events of 2 models\n", Export("--tensorboard", "events").Expect(0).Output);
        Assert.Equal(["pictures", "rho-0.5-seed-0", "rho-1-seed-0"], Directory.GetDirectories(_folder.File("events")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var epochs = MetricsLog.Read(_folder.File("run/metrics.jsonl"));
        var kl = Events("rho-1-seed-0").Where(each => each.Tag == "validation-kl/z2").ToArray();
        Assert.Equal(epochs.Select(epoch => (epoch.Step, (float)epoch.ValidationKl![1][1])), kl.Select(each => (each.Step, each.Value.SimpleValue)));
        Assert.Equal(2, Events("rho-0.5-seed-0").Count(each => each.Tag == "objective"));
        var pictures = Events("pictures").Where(each => each.Value.Image is not null).ToArray();
        Assert.Equal(["reconstructions", "samples"], pictures.Select(each => each.Tag.Split('/')[0]).Order(StringComparer.Ordinal));
        Assert.All(pictures, each => Assert.True(each.Value.Image.Width > 28 && each.Value.Image.EncodedImageString.Length > 100));

        // Again, as while a run is training: there are no curves twice, and what is not ours stays.
        File.WriteAllText(_folder.File("events/rho-1-seed-0/notes.txt"), "mine");
        Export("--tensorboard", "events").Expect(0);
        Assert.Equal(2, Directory.GetFiles(_folder.File("events/rho-1-seed-0")).Length);
    }

    [Fact]
    public void Train_WithTensorBoard_WritesTheEventsThatAnExportHas()
    {
        Train("--tensorboard", "events");
        var epochs = MetricsLog.Read(_folder.File("run/metrics.jsonl"));
        var kl = Events("rho-1-seed-0").Where(each => each.Tag == "kl/z2").ToArray();
        Assert.Equal(epochs.Select(epoch => (epoch.Step, (float)epoch.Kl[1][1])), kl.Select(each => (each.Step, each.Value.SimpleValue)));
        Assert.Equal(2, Events("pictures").Count(each => each.Value.Image is not null));
        var live = Events("rho-0.5-seed-0").Select(each => (each.Tag, each.Step, each.Value.SimpleValue)).ToArray();
        Export("--tensorboard", "events").Expect(0);
        Assert.Equal(Events("rho-0.5-seed-0").Select(each => (each.Tag, each.Step, each.Value.SimpleValue)), live);

        Assert.Equal("ornstein: --tensorboard is empty; give a folder", InProcess.Run(_folder.Path, "train", "--tensorboard", "").Expect(ExitCodes.Usage).ErrorLines.Single());
        _folder.File("file", "");
        Assert.Equal("ornstein: --tensorboard file is a file; give a folder", InProcess.Run(_folder.Path, "train", "--tensorboard", "file").Expect(ExitCodes.Usage).ErrorLines.Single());
        Assert.StartsWith(
            "ornstein: --tensorboard cannot follow a run of two branches",
            InProcess.Run(_folder.Path, "phase", "--branches", "both", "--tensorboard", "more").Expect(ExitCodes.Usage).ErrorLines.Single(), StringComparison.Ordinal);
    }

    /// <summary>Every number of every model, beside what <c>phase.json</c> says under its own names.</summary>
    [Fact]
    public void Export_Results_HasEveryNumberThatPhaseJsonHasOfAModel()
    {
        // Rhos that differ by link and remedies, and a run of other layers.
        Train(["--rho", "0.5,0.5:0.8", "--latents", "4,3,2", "--hidden", "8,8,8", "--remedy", "none,warm-up:2"], "run");
        Train([], "other");
        Assert.Equal("wrote results.csv: 6 models of 2 runs\n", InProcess.Run(_folder.Path, "export", "run", "other/", "--results", "results.csv").Expect(0).Output);
        string[][] lines = [.. File.ReadLines(_folder.File("results.csv")).Select(line => Quoted().Replace(line, text => text.Groups[1].Value.Replace(',', ';')).Split(','))];
        Assert.Equal(["run", "rho", "rho-z1", "rho-z2", "remedy", "seed", "status", "k"], lines[0].Where(name => name != "test-rows").Take(8));
        Assert.Equal(lines[0].Length, lines[0].Distinct(StringComparer.Ordinal).Count());
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.Equal(["run 0.5 0.5 0.5 none", "run 0.5 0.5 0.5 warm-up:2", "run 0.5:0.8 0.5 0.8 none", "run 0.5:0.8 0.5 0.8 warm-up:2", "other 0.5 0.5  none", "other 1 1  none"], lines[1..].Select(line => string.Join(' ', line[..5])));
        AssertNumbers(lines, 1, "run");
        AssertNumbers(lines, 5, "other");

        // Its own table is replaced.
        InProcess.Run(_folder.Path, "export", "other", "--results", "results.csv").Expect(0);
        Assert.Equal(3, File.ReadAllLines(_folder.File("results.csv")).Length);
    }

    private void AssertNumbers(string[][] lines, int first, string run)
    {
        var members = JsonNode.Parse(File.ReadAllText(_folder.File(run + "/phase.json")))!["members"]!.AsArray();
        var compared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, member) in members.Index())
        {
            var line = lines[first + i];
            string Cell(string column) => line[Array.IndexOf(lines[0], column)];
            void Is(string column, JsonNode? node)
            {
                compared.Add(column);
                if (node is null) Assert.True(!lines[0].Contains(column) || Cell(column).Length == 0, column);
                else AssertSeven((double)node, double.Parse(Cell(column), CultureInfo.InvariantCulture));
            }

            void IsEstimate(string column, JsonNode? node)
            {
                Is(column, node?["value"]);
                Is(column + "-error", node?["standardError"]);
            }

            Assert.Equal((string?)member!["status"], Cell("status"));
            Assert.Equal(((string?)member["testRows"])?.Replace(',', ';'), Cell("test-rows"));
            compared.UnionWith(["run", "rho", "rho-z1", "rho-z2", "remedy", "status", "test-rows", "information-reason"]);
            Is("seed", member["seed"]);
            Is("k", member["bounds"]!["draws"]);
            foreach (var (column, name) in new[] { ("objective", "smoothedObjective"), ("elbo", "elbo"), ("bits", "bitsPerDimension"), ("reconstruction", "reconstruction"), ("skipped", "skippedSteps") })
                Is(column, member[name]);
            foreach (var (column, name) in new[] { ("sampled-elbo", "sampledElbo"), ("bound", "importanceWeighted"), ("smoothed-elbo", "smoothedGenerative"), ("smoothed-bound", "smoothedGenerativeImportanceWeighted") })
                IsEstimate(column, member["bounds"]![name]);
            var layers = member["kl"]!.AsArray().Count;
            Is($"kl-z{layers}", member["topKl"]);
            for (var layer = 0; layer < 3; layer++)
            {
                JsonNode? Of(string name) => member[name] is JsonArray all && layer < all.Count ? all[layer] : null;
                Is($"kl-z{layer + 1}", Of("kl"));
                Is($"kl-z{layer + 1}-error", Of("klErrors"));
                Is($"unsmoothed-kl-z{layer + 1}", Of("unsmoothedKl"));
                Is($"active-z{layer + 1}", Of("activeUnits"));
                Is($"width-active-z{layer + 1}", Of("widthActiveUnits"));
                Is($"alive-z{layer + 1}", Of("aliveUnits"));
                foreach (var part in new[] { "scale", "bias", "variance" })
                {
                    Is($"kl-{part}-z{layer + 1}", Of("klParts")?[part]);
                    Is($"kl-{part}-z{layer + 1}-error", Of("klParts")?[part + "Error"]);
                }

                IsEstimate($"information-z{layer + 1}", Of("information"));
                IsEstimate($"information-in-means-z{layer + 1}", Of("meanInformation"));
                IsEstimate($"information-in-widths-z{layer + 1}", Of("widthInformation"));
                compared.Add($"verdict-z{layer + 1}");
                Assert.Equal(Of("verdicts") is { } verdict ? ((string)verdict!).Replace('-', ' ') : "", Cell($"verdict-z{layer + 1}"));
            }
        }

        Assert.Empty(lines[0].Except(compared)); // and there is no number beside
    }

    [Fact]
    public void Export_OfNothingOrToNothing_IsOneLine()
    {
        Train();
        Assert.Equal("ornstein: export needs --csv FILE, --tensorboard FOLDER or --results FILE", Export().Expect(ExitCodes.Usage).ErrorLines.Single());
        Assert.Equal("ornstein: --csv is empty; give a file", Export("--csv", "").Expect(ExitCodes.Usage).ErrorLines.Single());
        File.WriteAllText(_folder.File("run/metrics.jsonl"), "");
        Assert.Equal("ornstein: 'run' has no epoch to export yet; wait for the end of its first.", Export("--csv", "epochs.csv").Expect(ExitCodes.Failure).ErrorLines.Single());
        Assert.False(File.Exists(_folder.File("epochs.csv")));
    }

    [GeneratedRegex("\"([^\"]*)\"", RegexOptions.None, 10_000)]
    private static partial Regex Quoted();

    private static void AssertSeven(double expected, double actual) => Assert.Equal(expected, actual, 1e-6 * Math.Abs(expected));

    private void Train(params string[] options) => Train(options, "run");

    private void Train(string[] options, string run)
    {
        string[] usual = options.Contains("--rho") ? [] : ["--rho", "0.5,1", "--latents", "4,2", "--hidden", "8,8"];
        InProcess.Run(
            _folder.Path,
            ["train", .. usual, "--seeds", "0", "--epochs", "2", "--train-limit", "600", "--test-limit", "50", "--evaluation-draws", "2", "--out", run, .. options]).Expect(0);
    }

    private Outcome Export(params string[] options) => InProcess.Run(_folder.Path, ["export", "run", .. options]);

    // A record is its length, a checksum of that, the event, and a checksum of it.
    private IEnumerable<(string Tag, long Step, Summary.Types.Value Value)> Events(string model)
    {
        var bytes = File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.File(Path.Combine("events", model)), "events.out.tfevents.*")));
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Checksum(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            Assert.Equal(Checksum(bytes.AsSpan(at + 12, length)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            var read = Event.Parser.ParseFrom(bytes.AsSpan(at + 12, length).ToArray());
            foreach (var value in read.Summary?.Value ?? []) yield return (value.Tag, read.Step, value);
            at += length + 16;
        }
    }

    // CRC-32C, rotated by 15 bits and moved by a constant, as TensorFlow's record files have it.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }
}
