using Ornstein.Bench.Peers;

namespace Ornstein.Bench.Compare;

/// <summary>The groups of convolutional models: one member and a stack beside PyTorch and TorchSharp.</summary>
internal static class ConvolutionGroups
{
    public const string Colour = "conv", Grey = "conv-grey";

    private const string VsPyTorch = "convVsPyTorch", VsTorchSharp = "convVsTorchSharp", StackVsPyTorch = "stack8ConvVsPyTorch",
        StepOverProducts = "convStepOverProducts", GreyVsPyTorch = "convGreyVsPyTorch";

    private const int Stack = 8;

    /// <summary>What a full run has.</summary>
    public static IReadOnlyList<string> Ratios { get; } = [VsPyTorch, VsTorchSharp, StackVsPyTorch, GreyVsPyTorch, StepOverProducts];

    /// <summary>What ratios must reach: speeds at least, the step over its products at most.</summary>
    public static IReadOnlyDictionary<string, double> Targets { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        [VsPyTorch] = 2, [VsTorchSharp] = 2, [StackVsPyTorch] = 2, [GreyVsPyTorch] = 2, [StepOverProducts] = 1.5,
    };

    /// <summary>Colour images: one member and a stack whose members have seeds of their own, beside both peers and one member's products.</summary>
    public static void MeasureColour(Comparison comparison, CompareOptions options, string? missing)
    {
        var model = BenchModel.Colour;
        Note(comparison, $"{model.Name}, TorchSharp", PeerCheck.OfTorchSharp(model));
        var rounds = Measure(
            comparison, model, options, missing,
            [new IdiomaticConvolutions(model), new OwnTraining(model, 1, draws: 0), new OwnTraining(model, Stack, draws: 0), new ConvolutionFloor(model)]);
        var one = OwnTraining.NameOf(1, 0);
        comparison.AddRatio(VsTorchSharp, rounds.SpeedRatio(one, IdiomaticConvolutions.Title));
        comparison.AddRatio(StepOverProducts, rounds.TimeRatio(one, ConvolutionFloor.Title));
        if (missing is not null) return;
        comparison.AddRatio(VsPyTorch, rounds.SpeedRatio(one, PyTorchTraining.NameOf(0)));
        comparison.AddRatio(StackVsPyTorch, rounds.SpeedRatio(OwnTraining.NameOf(Stack, 0), PyTorchTraining.NameOf(0)));
    }

    /// <summary>Binary images: one member beside PyTorch.</summary>
    public static void MeasureGrey(Comparison comparison, CompareOptions options, string? missing)
    {
        var rounds = Measure(comparison, BenchModel.Grey, options, missing, [new OwnTraining(BenchModel.Grey, 1, draws: 0)]);
        if (missing is null) comparison.AddRatio(GreyVsPyTorch, rounds.SpeedRatio(OwnTraining.NameOf(1, 0), PyTorchTraining.NameOf(0)));
    }

    // Checks take a while: that they passed is told at once.
    private static void Note(Comparison comparison, string peer, double difference)
    {
        comparison.PeerDifferences[peer] = difference;
        Console.Error.WriteLine($"{peer}: differs by {difference:G2}");
    }

    // All in the same rounds, and PyTorch with them where it is there, at the fastest of its settings.
    private static Rounds Measure(Comparison comparison, BenchModel model, CompareOptions options, string? missing, IContender[] others)
    {
        var contenders = others.ToList();
        if (missing is null)
        {
            Note(comparison, model.Name, PeerCheck.Run(options.Python, model, draws: 0));
            var peer = new PyTorchTraining(options.Python, model, draws: 0);
            comparison.Machine.Peers[model.Name] = $"{peer.Description}; tried: {string.Join("; ", peer.Tried)}";
            contenders.Insert(0, peer);
        }

        var rounds = Rounds.Run(model.Name, contenders, options);
        comparison.Add(model.Name, rounds);
        return rounds;
    }
}
