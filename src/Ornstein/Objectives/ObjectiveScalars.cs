using Ornstein.Models;
using Ornstein.Remedies;
using static TorchSharp.torch;

namespace Ornstein.Objectives;

/// <summary>The numbers of every member's objective at a moment of the training, as tensors.</summary>
internal sealed class ObjectiveScalars
{
    /// <summary>Those of a stack.</summary>
    public ObjectiveScalars(HierarchicalVae vae, TrainingClock clock)
    {
        var remedies = vae.Members.Select(member => member.Remedy).ToArray();
        KlWeight = [.. Enumerable.Range(0, vae.Options.Layers).Select(layer => Column(remedies, remedy => remedy.KlWeight(layer, clock)))];
        KlAllowance[][] allowances = [.. Enumerable.Range(0, vae.Options.Layers).Select(layer => remedies.Select(remedy => remedy.Allowance(layer, clock)).ToArray())];
        UnitFloor = [.. allowances.Select(members => Column(members, allowance => allowance.Unit))];
        LayerFloor = [.. allowances.Select(members => Column(members, allowance => allowance.Layer))];
        HasFloor = [.. allowances.Select(members => members.Any(allowance => !double.IsNegativeInfinity(allowance.Unit) || !double.IsNegativeInfinity(allowance.Layer)))];
        var joint = remedies.Select(remedy => remedy.Joint).ToArray();
        Samples = [.. joint.Select(samples => samples?.Count ?? 1)];
        IsJoint = Flags(joint, samples => samples is not null);
        AreAllJoint = joint.All(samples => samples is not null);
        IsAnyJoint = joint.Any(samples => samples is not null);
        IsDoubly = Flags(joint, samples => samples is { IsDoubly: true });
        IsAnyDoubly = joint.Any(samples => samples is { IsDoubly: true });
    }

    /// <summary>Weight of the KL of every layer, each [members, 1].</summary>
    public IReadOnlyList<Tensor> KlWeight { get; }

    /// <summary>What a unit's KL costs at least, nats, of every layer, each [members, 1]; minus infinity where there are no free bits.</summary>
    public IReadOnlyList<Tensor> UnitFloor { get; }

    /// <summary>What a layer's KL costs at least, nats, of every layer, each [members, 1]; minus infinity where there are no free bits.</summary>
    public IReadOnlyList<Tensor> LayerFloor { get; }

    /// <summary>Whether a member has any of the two, of every layer.</summary>
    public IReadOnlyList<bool> HasFloor { get; }

    /// <summary>Samples per datum of every member.</summary>
    public IReadOnlyList<int> Samples { get; }

    /// <summary>Members whose objective is of joint samples, importance-weighted or the joint form of the ELBO, bool [members].</summary>
    public Tensor IsJoint { get; }

    /// <summary>Whether all are.</summary>
    public bool AreAllJoint { get; }

    /// <summary>Whether one is.</summary>
    public bool IsAnyJoint { get; }

    /// <summary>Members whose gradient is doubly reparameterized, bool [members].</summary>
    public Tensor IsDoubly { get; }

    /// <summary>Whether one is.</summary>
    public bool IsAnyDoubly { get; }

    private static Tensor Column<T>(T[] members, Func<T, double> number) =>
        tensor(members.Select(member => (float)number(member)).ToArray(), [members.Length, 1]);

    private static Tensor Flags<T>(T[] members, Func<T, bool> flag) => tensor(members.Select(flag).ToArray());
}
