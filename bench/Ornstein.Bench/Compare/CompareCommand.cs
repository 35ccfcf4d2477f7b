using Ornstein.Bench.Peers;
using TorchSharp;

namespace Ornstein.Bench.Compare;

/// <summary>
/// `compare`: Ornstein's training and evaluation beside PyTorch, idiomatic TorchSharp and the limit that the matrix products set, in
/// interleaved rounds. What is measured and what came out: docs/performance.md.
/// </summary>
internal static class CompareCommand
{
    private static readonly string[] _required =
    [
        "singleVsPyTorch", "singleVsTorchSharp", "stack16VsPyTorch", "stack16Bfloat16VsPyTorch", "stepOverMatmulSingle",
        "stepOverMatmulStack16", "smoothing8OverVanilla", "importance5000VsPyTorch",
        .. Variant.Training.SelectMany(variant => new[] { variant.SingleVsPyTorch, variant.StackVsPyTorch, variant.StepOverMatmul }),
        .. Variant.Bounds.Select(variant => $"importance5000{variant.Key}VsPyTorch"), RemedyGroups.MixedOverMembers,
        .. ConvolutionGroups.Ratios,
    ];

    // A ratio this much worse than the recorded one is no noise, not even that of a quick run beside other machines.
    private const double Slack = 1.5;

    /// <summary>Runs the command; returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        try
        {
            var options = CompareOptions.Parse(arguments);
            var comparison = Measure(options);
            comparison.Print();
            if (options.Json is not null) comparison.Write(options.Json);
            return options.Check is null ? 0 : Check(comparison, Comparison.ReadRatios(options.Check));
        }
        catch (OrnsteinException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 2;
        }
    }

    private static Comparison Measure(CompareOptions options)
    {
        var comparison = new Comparison { Quick = options.Quick };
        var missing = PyTorchProcess.Missing(options.Python);
        foreach (var group in CompareOptions.Groups.Where(options.Only.Contains))
        {
            switch (group)
            {
                case "small": Training(comparison, BenchModel.Small, draws: 0, "", options, missing); break;
                case "smoothed": Training(comparison, BenchModel.Small, draws: 8, "Smoothed", options, missing); break;
                case "ladder": Training(comparison, BenchModel.Ladder, draws: 0, "Ladder", options, missing); break;
                case "deep": Training(comparison, BenchModel.Deep, draws: 0, "Deep", options, missing); break;
                case "importance": Bounds(comparison, "importance", "", BenchModel.Small, options, missing); break;
                case "profile":
                    foreach (var draws in new[] { 0, 8 })
                    {
                        comparison.Profiles.Add(StepProfile.Measure(BenchModel.Small, draws, options.Quick ? 50 : 500));
                    }

                    foreach (var variant in Variant.Training) comparison.Profiles.Add(StepProfile.Measure(variant.Model, draws: 0, options.Quick ? 30 : 100));
                    break;
                case "resources": comparison.Resources.AddRange(Resources.Measure(options)); break;
                case RemedyGroups.Mixed: RemedyGroups.MixedStack(comparison, options); break;
                case ConvolutionGroups.Colour: ConvolutionGroups.MeasureColour(comparison, options, missing); break;
                case ConvolutionGroups.Grey: ConvolutionGroups.MeasureGrey(comparison, options, missing); break;
                default: OfVariant(comparison, group, options, missing); break;
            }

            if (options.Json is not null) comparison.Write(options.Json); // what there is, in case the rest is interrupted
        }

        foreach (var name in _required)
        {
            var isPeers = name.Contains("PyTorch", StringComparison.Ordinal);
            comparison.AddMissing(name, isPeers && missing is not null ? missing : "not measured");
        }

        comparison.Reasons["stack16Bfloat16VsPyTorch"] = "no such option: see stack16Bfloat16Limit and docs/performance.md";
        return comparison;
    }

    // One model, vanilla or smoothed, with everybody in the same rounds. `suffix` tells its ratios from those of the small vanilla model.
    private static void Training(Comparison comparison, BenchModel model, int draws, string suffix, CompareOptions options, string? missing)
    {
        var group = suffix.Length == 0 ? model.Name : suffix.ToLowerInvariant();
        var isMain = suffix.Length == 0;
        var contenders = new List<IContender>();
        if (missing is null)
        {
            comparison.PeerDifferences[group] = PeerCheck.Run(options.Python, model, draws);
            var peer = new PyTorchTraining(options.Python, model, draws);
            comparison.Machine.Peers[group] = peer.Description;
            contenders.Add(peer);
        }

        contenders.Add(new IdiomaticTorchSharp(model, draws));
        if (isMain) contenders.Add(new IdiomaticTorchSharp(model, draws, dataLoader: true));
        int[] stacks = isMain ? [1, 2, 4, 8, 16, 32] : [1, 16];
        contenders.AddRange(stacks.Select(members => new OwnTraining(model, members, draws)));
        int[] prices = isMain ? [1, 4, 8, 32] : [];
        contenders.AddRange(prices.Select(k => new OwnTraining(model, 1, k)));
        foreach (var members in new[] { 1, 16 })
        {
            contenders.Add(new OwnFloor(model, members, draws));
            contenders.AddRange(Enum.GetValues<FloorKind>().Select(kind => new MatmulFloor(model, members, draws, kind)));
        }

        if (isMain)
        {
            contenders.AddRange(Enum.GetValues<FloorKind>().Select(kind => new MatmulFloor(model, 16, draws, kind, torch.ScalarType.BFloat16)));
        }

        var rounds = Rounds.Run(group, contenders, options);
        comparison.Add(group, rounds);
        var (one, sixteen, pyTorch) = (OwnTraining.NameOf(1, draws), OwnTraining.NameOf(16, draws), PyTorchTraining.NameOf(draws));
        comparison.AddRatio($"singleVsTorchSharp{suffix}", rounds.SpeedRatio(one, IdiomaticTorchSharp.NameOf(draws)));
        comparison.AddRatio($"stepOverMatmulSingle{suffix}", rounds.TimeRatio(one, Floor(rounds, 1, draws)));
        comparison.AddRatio($"stepOverMatmulStack16{suffix}", rounds.TimeRatio(sixteen, Floor(rounds, 16, draws)));
        if (missing is null)
        {
            comparison.AddRatio($"singleVsPyTorch{suffix}", rounds.SpeedRatio(one, pyTorch));
            foreach (var members in stacks.Where(members => members > 1))
            {
                comparison.AddRatio($"stack{members}VsPyTorch{suffix}", rounds.SpeedRatio(OwnTraining.NameOf(members, draws), pyTorch));
            }
        }

        if (!isMain) return;
        if (missing is null) comparison.AddRatio("stack16Bfloat16Limit", Bfloat16Limit(rounds, draws));
        comparison.AddRatio("singleVsTorchSharpDataLoader", rounds.SpeedRatio(one, IdiomaticTorchSharp.NameOf(draws, dataLoader: true)));
        foreach (var k in prices) comparison.AddRatio($"smoothing{k}OverVanilla", rounds.TimeRatio(OwnTraining.NameOf(1, k), one));
    }

    // The fastest way of computing the products.
    internal static string Floor(Rounds rounds, int members, int draws) => Enum.GetValues<FloorKind>()
        .Select(kind => MatmulFloor.NameOf(members, draws, kind)).Append(OwnFloor.NameOf(members, draws))
        .MinBy(name => rounds.Seconds(name).Median)!;

    // What a stack of 16 would reach over PyTorch if its products took no longer than libtorch's in bfloat16, conversions not counted.
    private static Quartiles Bfloat16Limit(Rounds rounds, int draws)
    {
        var products = Enum.GetValues<FloorKind>().Select(kind => MatmulFloor.NameOf(16, draws, kind, torch.ScalarType.BFloat16))
            .MinBy(name => rounds.Seconds(name).Median)!;
        return rounds.Of(seconds => 16 * seconds(PyTorchTraining.NameOf(draws))
            / (seconds(OwnTraining.NameOf(16, draws)) - seconds(OwnFloor.NameOf(16, draws)) + seconds(products)));
    }

    private static void OfVariant(Comparison comparison, string group, CompareOptions options, string? missing)
    {
        if (Variant.Training.FirstOrDefault(variant => variant.Group == group) is { } training)
        {
            RemedyGroups.Training(comparison, training, options, missing);
            return;
        }

        var (_, key, model) = Variant.Bounds.First(variant => variant.Group == group);
        // The log-weights at the same noise, which the bounds of different noise tell to a nat only.
        if (missing is null) comparison.PeerDifferences[group] = PeerCheck.Run(options.Python, model with { Remedy = Variant.Weighted }, draws: 0);
        Bounds(comparison, group, key, model, options, missing);
    }

    private static void Bounds(Comparison comparison, string group, string key, BenchModel model, CompareOptions options, string? missing)
    {
        var (rounds, peer, difference) = Importance.Run(group, model, options, missing is null);
        comparison.Add(group, rounds);
        if (peer is null) return;
        comparison.Machine.Peers[group] = peer;
        comparison.PeerDifferences[$"{group}, nats"] = difference;
        var k = options.Importance.Draws;
        comparison.AddRatio($"importance{k}{key}VsPyTorch", rounds.SpeedRatio(Importance.Evaluator, Importance.PyTorch));
        comparison.AddRatio($"importance{k}{key}BoundAloneVsPyTorch", rounds.SpeedRatio(Importance.BoundAlone, Importance.PyTorch));
    }

    // Fails where a ratio is well below a recorded one, or beyond its target: higher is better for speeds, lower for prices.
    private static int Check(Comparison comparison, IReadOnlyDictionary<string, double?> recorded)
    {
        var failures = 0;
        foreach (var (name, ratio) in comparison.Ratios)
        {
            if (ratio is not { } now) continue;
            var isSpeed = name.Contains("Vs", StringComparison.Ordinal);
            void Require(bool isRight, string what)
            {
                if (isRight) return;
                failures++;
                Console.Error.WriteLine($"{name} is {now:F2} and {what}.");
            }

            if (ConvolutionGroups.Targets.TryGetValue(name, out var target)) Require(isSpeed ? now >= target : now <= target, $"must be {target:F1} at {(isSpeed ? "least" : "most")}");
            if (recorded.TryGetValue(name, out var old) && old is { } before) Require(isSpeed ? now * Slack >= before : now <= before * Slack, $"was {before:F2}");
        }

        Console.Error.WriteLine(failures == 0 ? "no ratio fell." : $"{failures} ratios fell or miss their targets.");
        return failures == 0 ? 0 : 1;
    }
}
