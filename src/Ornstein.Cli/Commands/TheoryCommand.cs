using System.CommandLine;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Data;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Theory;

namespace Ornstein.Cli.Commands;

/// <summary><c>theory</c>: critical rhos and KLs that linear theory predicts from a data set's own covariance.</summary>
internal static class TheoryCommand
{
    private static readonly string[] _shared = ["--eigenvalues", "--decoder-variance", "--rho", "--draws", "--sampler", "--smooth"];

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data set by name, or a folder (default: digits).", HelpName = "NAME|FOLDER" };
        var eigenvalues = Text("--eigenvalues", "Covariance eigenvalues to use instead of a data set's.", "LIST");
        var variance = Text("--decoder-variance", "Variance of the gaussian likelihood (default: 1).", "X");
        var depth = new Option<int>("--depth")
        {
            Description = "Stochastic layers, 2 to 16 (default: 2).", HelpName = "L", DefaultValueFactory = _ => 2,
        };
        var draws = Text("--draws", "Inner draws (default: exact smoothing, as by infinitely many).", "K");
        var sampler = Text("--sampler", "How the inner draws are made (default: iid).", "iid|antithetic");
        var smooth = Text("--smooth", "Networks to smooth: generative (p), or inference as well (pq) (default: p).", "p|pq");
        var rho = Text("--rho", "Smoothing parameters in [0,1] (default: 0, 0.1, and so on up to 1).", "LIST");
        var directions = new Option<int>("--directions")
        {
            Description = "Eigen-directions to list, largest first (default: 8).", HelpName = "N", DefaultValueFactory = _ => 8,
        };
        var json = new Option<bool>("--json") { Description = "Print the prediction as JSON on standard output." };
        var command = new Command("theory", "Predict critical rhos and KLs by linear theory, from a data set's own covariance.")
        {
            data, eigenvalues, variance, depth, draws, sampler, smooth, rho, directions, json,
        };
        var pixels = new PixelOptions();
        pixels.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "--data mnist --decoder-variance 0.1           from a data set's covariance",
            "--eigenvalues 20,5,2.5,1.5 --depth 3          from eigenvalues",
            "--eigenvalues 20 --draws 8 --rho 0.5,0.9      with 8 inner draws");
        command.SetAction((parsed, cancellation) =>
        {
            T? Value<T>(Option<string?> option)
            {
                var text = parsed.GetValue(option);
                return text is null ? default : (T?)SettingText.Parse(SettingOf(option.Name), text, option.Name);
            }

            var request = new TheoryRequest
            {
                Data = parsed.GetValue(data),
                Eigenvalues = Value<double[]>(eigenvalues),
                DecoderVariance = Value<double?>(variance) ?? 1,
                Rho = Value<RhoEntry[]>(rho) is { } entries ? Array.ConvertAll(entries, Uniform) : [.. Enumerable.Range(0, 11).Select(i => i / 10.0)],
                Directions = parsed.GetValue(directions),
                Smoothing = new LinearSmoothing
                {
                    Layers = parsed.GetValue(depth),
                    Draws = Value<int?>(draws),
                    Sampler = (Value<SmoothingSampler?>(sampler) ?? SmoothingSampler.Iid) switch
                    {
                        SmoothingSampler.Sobol => throw UsageError.Because("--sampler sobol has no theory here; give iid or antithetic"),
                        var known => known,
                    },
                    SmoothsQ = (Value<SmoothChoice?>(smooth) ?? SmoothChoice.P) switch
                    {
                        SmoothChoice.P => false,
                        SmoothChoice.Pq => true,
                        _ => throw UsageError.Because("--smooth q has no theory here; give p or pq"),
                    },
                },
            };
            request.Validate();
            var prediction = Predict(request, data => pixels.Of(parsed, data), parsed.InvocationConfiguration.Error, cancellation);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(prediction, ResultJson.Indented));
            else prediction.Write(Screen.Of(output));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static TheoryResult Predict(TheoryRequest request, Func<string, DataOptions> pixelsOf, TextWriter error, CancellationToken cancellation)
    {
        if (request.Eigenvalues is { } given) return TheoryResult.Of(request, "given eigenvalues", [.. given.OrderDescending()], cancellation);
        var name = request.Data ?? "digits";
        var progress = new FetchProgress(error.WriteLine);
        var dataset = DatasetCatalog.Load(name, pixelsOf(name), progress, cancellation);
        progress.End();
        foreach (var warning in dataset.Warnings) error.WriteLine($"warning: {warning}");
        return TheoryResult.Of(request, name, DataSpectrum.Of(dataset.Train), cancellation);
    }

    private static Option<string?> Text(string name, string description, string value) => new(name) { Description = description, HelpName = value };

    // The settings of a run with the same names say what a value looks like.
    private static Setting SettingOf(string option) =>
        SettingsSchema.Run.First(setting => setting.Option == option && _shared.Contains(option, StringComparer.Ordinal));

    private static double Uniform(RhoEntry entry) => entry.IsUniform
        ? entry.Top
        : throw UsageError.Because($"--rho {entry} has a number per link; theory takes one number for all links, such as 0.5");
}

/// <summary>What <c>theory</c> is asked.</summary>
internal sealed record TheoryRequest
{
    public required string? Data { get; init; }

    public required double[]? Eigenvalues { get; init; }

    public required double DecoderVariance { get; init; }

    public required double[] Rho { get; init; }

    public required int Directions { get; init; }

    public required LinearSmoothing Smoothing { get; init; }

    public void Validate()
    {
        if (Data is not null && Eigenvalues is not null) throw UsageError.Because("--eigenvalues stand in place of --data; give one of the two");
        if (Data is not null && string.IsNullOrWhiteSpace(Data))
            throw UsageError.Because("--data is empty; give the name of a data set, such as digits, or a folder");
        if (Eigenvalues is { Length: 0 }) throw UsageError.Because("--eigenvalues is empty; give at least one number, such as 20,5,2.5,1.5");
        foreach (var value in Eigenvalues ?? []) Positive("--eigenvalues", value);
        Positive("--decoder-variance", DecoderVariance);
        foreach (var rho in Rho)
        {
            if (!(rho >= 0 && rho <= 1)) throw UsageError.Because($"--rho {rho} is out of range; it must be between 0 and 1");
        }

        if (Directions < 1) throw UsageError.Because($"--directions {Directions} is out of range; it must be 1 or more");
        if (Smoothing.Layers is < 2 or > 16) throw UsageError.Because($"--depth {Smoothing.Layers} is out of range; it must be between 2 and 16");
        if (Smoothing.Draws < 1) throw UsageError.Because($"--draws {Smoothing.Draws} is out of range; it must be 1 or more");
    }

    private static void Positive(string option, double value)
    {
        if (!(value > 0 && double.IsFinite(value))) throw UsageError.Because($"{option} {value} is out of range; it must be above 0");
    }
}
