using Ornstein.Remedies;
using Ornstein.Stacks;

namespace Ornstein.Bench.Compare;

/// <summary>The groups of <see cref="Variant"/>, and that of a stack of members with different remedies.</summary>
internal static class RemedyGroups
{
    public const string Mixed = "mixed", MixedOverMembers = "mixedStackOverMembers";

    // Of each kind: as many as there are threads on a small machine, so that all have a member alone as in the mixed stack.
    private const int MembersOfKind = 2;

    // Inner draws of the members whose rho is annealed.
    private const int Draws = 4;

    private static readonly (string Name, double Rho, Remedy Remedy)[] _kinds =
    [
        ("plain", 1, Remedy.None),
        ("joint k=1", 1, new Remedy { Form = ObjectiveForm.Joint }),
        ("iwae k=5", 1, new Remedy { Importance = new ImportanceObjective { Samples = 5 } }),
        ("free bits", 1, new Remedy { FreeBits = new FreeBits() }),
        ("annealed rho", 0.5, new Remedy { Annealing = new RhoAnnealing() }),
    ];

    /// <summary>Steps of a variant's members beside PyTorch's, and beside one member's products.</summary>
    public static void Training(Comparison comparison, Variant variant, CompareOptions options, string? missing)
    {
        var (group, model) = (variant.Group, variant.Model);
        var contenders = new List<IContender>();
        if (missing is null)
        {
            comparison.PeerDifferences[group] = PeerCheck.Run(options.Python, model, draws: 0);
            var peer = new PyTorchTraining(options.Python, model, draws: 0);
            comparison.Machine.Peers[group] = peer.Description;
            contenders.Add(peer);
        }

        contenders.Add(new OwnTraining(model, 1, draws: 0));
        contenders.Add(new OwnTraining(model, 16, draws: 0));
        contenders.Add(new OwnFloor(model, 1, draws: 0));
        contenders.AddRange(Enum.GetValues<FloorKind>().Select(kind => new MatmulFloor(model, 1, draws: 0, kind)));
        var rounds = Rounds.Run(group, contenders, options);
        comparison.Add(group, rounds);
        var (one, sixteen, pyTorch) = (OwnTraining.NameOf(1, 0), OwnTraining.NameOf(16, 0), PyTorchTraining.NameOf(0));
        comparison.AddRatio(variant.StepOverMatmul, rounds.TimeRatio(one, CompareCommand.Floor(rounds, 1, 0)));
        if (missing is not null) return;
        comparison.AddRatio(variant.SingleVsPyTorch, rounds.SpeedRatio(one, pyTorch));
        comparison.AddRatio(variant.StackVsPyTorch, rounds.SpeedRatio(sixteen, pyTorch));
    }

    /// <summary>A stack of all kinds of members beside stacks of one kind each.</summary>
    public static void MixedStack(Comparison comparison, CompareOptions options)
    {
        var every = _kinds.Select((kind, place) => (kind.Name, Members: MembersOf(kind.Rho, kind.Remedy, place))).ToArray();
        OwnTraining Stack(string name, IEnumerable<Member> members) => new(name, BenchModel.Small, [.. members], Draws);
        var rounds = Rounds.Run(
            Mixed, [Stack(Mixed, every.SelectMany(kind => kind.Members)), .. every.Select(kind => Stack(kind.Name, kind.Members))], options);
        comparison.Add(Mixed, rounds);
        comparison.AddRatio(MixedOverMembers, rounds.Of(seconds => seconds(Mixed) / _kinds.Sum(kind => seconds(kind.Name))));
    }

    // Every member has a seed of its own, and so its own batches.
    private static Member[] MembersOf(double rho, Remedy remedy, int place) =>
        [.. Enumerable.Range(0, MembersOfKind).Select(i => new Member(rho, (place * MembersOfKind) + i) { Remedy = remedy })];
}
