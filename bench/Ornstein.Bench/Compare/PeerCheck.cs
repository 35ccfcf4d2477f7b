using System.Text.Json;
using Ornstein.Batching;
using Ornstein.Bench.Peers;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Objectives;
using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Storage;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Bench.Compare;

/// <summary>What a model came to at some weights, data and noise.</summary>
/// <param name="Of">Whose numbers they are, in words.</param>
/// <param name="Terms">Terms of the loss, nats: the reconstruction, then the KLs, z1's first.</param>
/// <param name="Norms">Of the gradient, by network or parameter.</param>
internal sealed record PeerNumbers(string Of, double[] Terms, SortedDictionary<string, double> Norms);

/// <summary>
/// Whether a peer is the same model with the same objective: same weights, data and noise must give the same terms of the loss and the
/// same gradient of every network, of convolutional ones of every parameter, as Ornstein's tensors do, and as its fused step does where there is one.
/// </summary>
internal static class PeerCheck
{
    // All sum the same float32 numbers in other orders: a few hundred roundings of 6e-8. Those of a gradient add up through more products.
    private const double TermTolerance = 1e-5, NormTolerance = 1e-4;

    // Schedules stand somewhere on their way.
    private const int EpochsDone = 100, Epochs = 1000;

    // A standard deviation added to all parameters: biases and gains that stand at their first values would hide mistakes.
    private const double Disturbance = 0.03;

    /// <summary>The greatest relative difference of PyTorch's; throws where it is beyond rounding.</summary>
    public static double Run(string python, BenchModel model, int draws) => Compare(model, draws, (file, weight) =>
        // With all settings: some of OpenBLAS's kernels are wrong on some processors.
        PyTorchProcess.CandidatesOf(model).Select(settings =>
        {
            using var process = PyTorchProcess.Open(python, PyTorchArguments.TrainingScript(model), model, draws, file, settings);
            return Read(process.Ask($"check {weight:R}"), $"PyTorch's with {process.Settings}");
        }));

    /// <summary>The same of TorchSharp's convolutional model.</summary>
    public static double OfTorchSharp(BenchModel model) => Compare(model, draws: 0, (path, _) =>
    {
        using var file = SafetensorsFile.Read(path);
        return [IdiomaticConvolutions.Check(model, file)];
    });

    // `peers` are given a file with weights, data and noise, and the weight of the KLs.
    private static double Compare(BenchModel model, int draws, Func<string, double, IEnumerable<PeerNumbers>> peers)
    {
        var folder = Directory.CreateTempSubdirectory("ornstein-compare-");
        try
        {
            var file = Path.Combine(folder.FullName, "check.safetensors");
            var (own, weight) = Export(model, draws, file);
            return peers(file, weight).Max(theirs => own.Max(numbers => Difference(model, numbers, theirs)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static PeerNumbers Read(JsonElement answer, string of) => new(
        of, [.. answer.GetProperty("terms").EnumerateArray().Select(term => term.GetDouble())],
        new(answer.GetProperty("gradientNorms").EnumerateObject().ToDictionary(norm => norm.Name, norm => norm.Value.GetDouble()), StringComparer.Ordinal));

    private static double Difference(BenchModel model, PeerNumbers own, PeerNumbers theirs)
    {
        if (theirs.Terms.Length != own.Terms.Length) throw new InvalidOperationException($"{theirs.Of} loss has {theirs.Terms.Length} terms.");
        if (!theirs.Norms.Keys.SequenceEqual(own.Norms.Keys))
            throw new InvalidOperationException($"{theirs.Of} gradients are of {string.Join(' ', theirs.Norms.Keys)}, Ornstein's of {string.Join(' ', own.Norms.Keys)}.");
        var terms = own.Terms.Zip(theirs.Terms, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))).Max();
        var norms = own.Norms.Max(norm => Math.Abs(norm.Value - theirs.Norms[norm.Key]) / norm.Value);
        return terms < TermTolerance && norms < NormTolerance ? Math.Max(terms, norms) : throw new InvalidOperationException(
            $"the {model.Name} model has other numbers: {Text(own)}; {Text(theirs)}.");
    }

    private static string Text(PeerNumbers numbers) =>
        $"{numbers.Of} has the terms {string.Join(' ', numbers.Terms)} and the norms {string.Join(' ', numbers.Norms)}";

    // Ornstein's numbers, and the weight of the KLs; weights, data and noise go into the file.
    private static (PeerNumbers[] Own, double KlWeight) Export(BenchModel model, int draws, string file)
    {
        using var scope = NewDisposeScope();
        var smoothing = new SmoothingOptions { Draws = Math.Max(1, draws) };
        using var vae = new HierarchicalVae(model.Options, [new Member(BenchModel.RhoOf(draws), 1) { Remedy = model.Remedy }], smoothing);
        using (no_grad()) vae.Parameters.Values.Add(RandomKey.FromSeed(6).Normal(vae.Parameters.Values.shape).Times(Disturbance));
        using var rows = model.Images();
        var batches = new StackBatches(rows, vae.Seeds, model.BatchSize);
        var clock = new TrainingClock((long)EpochsDone * batches.StepsPerEpoch, batches.StepsPerEpoch, (long)Epochs * batches.StepsPerEpoch);
        var step = clock.Done + 1;
        var (x, noise) = (batches.Of(step), StackNoise.OfStep(vae.Seeds, step));
        vae.Networks.Mode.Begin(null); // batch normalization of a training step
        var terms = TrainingObjective.Differentiate(vae, x, noise, clock).to(ScalarType.Float64).data<double>().ToArray();
        vae.Networks.Mode.End();
        var own = new List<PeerNumbers> { new("autograd", terms, Norms(model, vae)) };
        if (Engine.For(vae).Name == Engine.Fused) own.Add(new("the fused step", Fused(vae, batches, step), Norms(model, vae)));
        SafetensorsFile.Write(file, [.. WeightsFile.Of(vae, x), .. Noise(model, smoothing.Draws, noise)]);
        return ([.. own], model.Remedy.KlWeight(0, clock));
    }

    private static double[] Fused(HierarchicalVae vae, StackBatches batches, long step)
    {
        using var adam = new Adam(vae.Parameters, new AdamOptions());
        using var fused = new FusedStep(vae, adam, batches, epochs: Epochs);
        var terms = new double[vae.Options.Layers + 1];
        fused.Differentiate(step, terms);
        return terms;
    }

    private static IEnumerable<SafetensorsTensor> Noise(BenchModel model, int draws, StackNoise noise)
    {
        var ofSamples = noise.OfSamples(model.Samples);
        for (var i = 0; i < model.Options.Layers; i++)
        {
            long units = model.Options.Latents[i].Units;
            yield return WeightsFile.Tensor($"z{i + 1}", ofSamples.Normal($"z{i + 1}", model.Samples * model.BatchSize, units));
            if (i == 0) continue;
            var place = $"smooth.p{i}";
            yield return WeightsFile.Tensor(place, noise.Normal(place, draws, model.BatchSize, units));
        }
    }

    // Of the gradient of every network, by what its parameters' names begin with; convolutional peers have our names of parameters, and so every one's own.
    private static SortedDictionary<string, double> Norms(BenchModel model, HierarchicalVae vae)
    {
        var parameters = vae.Parameters;
        string Key(string name) => model.Options.Networks is Convolutions ? name : name[..name.IndexOf('.', StringComparison.Ordinal)];
        return new(
            parameters.Layout.Entries.GroupBy(entry => Key(entry.Name)).ToDictionary(
                group => group.Key,
                group => Math.Sqrt(group.Sum(entry => parameters.Block(parameters.Gradients, entry).to(ScalarType.Float64).Squared().sum([]).item<double>()))),
            StringComparer.Ordinal);
    }
}
