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
        UnitFloor = Column(remedies, remedy => FloorOf(remedy, FreeBitsScope.Unit, clock));
        LayerFloor = Column(remedies, remedy => FloorOf(remedy, FreeBitsScope.Layer, clock));
        Samples = [.. remedies.Select(remedy => remedy.Importance?.Samples ?? 1)];
        IsJoint = Flags(remedies, IsOfJointSamples);
        AreAllJoint = remedies.All(IsOfJointSamples);
        IsAnyJoint = remedies.Any(IsOfJointSamples);
        IsDoubly = Flags(remedies, IsDoublyReparameterized);
        IsAnyDoubly = remedies.Any(IsDoublyReparameterized);
    }

    /// <summary>Weight of the KL of every layer, each [members, 1].</summary>
    public IReadOnlyList<Tensor> KlWeight { get; }

    /// <summary>What a unit's KL costs at least, nats, [members, 1]; minus infinity where there are no free bits.</summary>
    public Tensor UnitFloor { get; }

    /// <summary>What a layer's KL costs at least, nats, [members, 1]; minus infinity where there are no free bits.</summary>
    public Tensor LayerFloor { get; }

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

    private static bool IsOfJointSamples(Remedy remedy) => remedy.Importance is not null || remedy.Form == ObjectiveForm.Joint;

    private static bool IsDoublyReparameterized(Remedy remedy) => remedy.Importance?.Gradient == ImportanceGradient.DoublyReparameterized;

    private static double FloorOf(Remedy remedy, FreeBitsScope scope, TrainingClock clock) =>
        remedy.FreeBits is { } bits && bits.Scope == scope ? bits.At(clock) : double.NegativeInfinity;

    private static Tensor Column(Remedy[] remedies, Func<Remedy, double> number) =>
        tensor(remedies.Select(remedy => (float)number(remedy)).ToArray(), [remedies.Length, 1]);

    private static Tensor Flags(Remedy[] remedies, Func<Remedy, bool> flag) => tensor(remedies.Select(flag).ToArray());
}
