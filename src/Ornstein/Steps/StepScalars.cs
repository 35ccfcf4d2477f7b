using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Steps;

/// <summary>Numbers of each member that operations read and schedules move: written between steps, in place.</summary>
internal sealed class StepScalars
{
    private readonly HierarchicalVae _vae;
    private readonly bool[][] _mayBeSmoothed; // [links][members]

    /// <summary>Rho as it stands in the model, KLs counted once.</summary>
    public StepScalars(HierarchicalVae vae)
    {
        _vae = vae;
        Rho = [.. Enumerable.Range(0, vae.Options.Layers - 1).Select(link => vae.Rho.Select(links => (float)links[link]).ToArray())];
        _mayBeSmoothed = [.. Rho.Select((_, link) => vae.Members.Select(member => member.MaySmooth(link, vae.Options.Layers - 1)).ToArray())];
        Costs = [.. Enumerable.Range(0, vae.Options.Layers).Select(_ => new KlCostScalars(vae.Members.Count))];
        KlWeight = [.. Costs.Select(costs => costs.Weight)];
        InverseCap = [.. vae.Members.Select(member => ProgramKind.IsCappedBy(member.Remedy) ? (float)(1 / CommittedRate.CapOf(member.Remedy.CommittedRate)) : 0)];
    }

    /// <summary>Smoothing parameters, [links][members].</summary>
    public float[][] Rho { get; }

    /// <summary>What a layer's KL counts in the loss, [layers][members].</summary>
    public float[][] KlWeight { get; }

    /// <summary>The same with what layers and units are allowed, [layers].</summary>
    public KlCostScalars[] Costs { get; }

    /// <summary>1 / cap of q's standard deviation of the top layer, [members]; 0 for none.</summary>
    public float[] InverseCap { get; }

    /// <summary>Takes every number to a moment of the training.</summary>
    public void MoveTo(TrainingClock clock)
    {
        for (var member = 0; member < _vae.Members.Count; member++)
        {
            var own = _vae.Members[member];
            for (var link = 0; link < Rho.Length; link++)
            {
                var rho = (float)own.RhoOf(link, Rho.Length, clock);
                if (rho != 1 && !_mayBeSmoothed[link][member]) throw Unforeseen(link);
                Rho[link][member] = rho;
            }

            for (var layer = 0; layer < Costs.Length; layer++) Costs[layer].Set(member, own.Remedy.KlWeight(layer, clock), own.Remedy.Allowance(layer, clock));
        }
    }

    // Programs are built without smoothing for links whose rho is 1 throughout: one that leaves 1 between the moments that were asked would be ignored.
    private static OrnsteinException Unforeseen(int link) =>
        new($"a remedy takes the rho of link {link + 1} below 1 for less than a thousandth of the training; let it last longer.");
}

/// <summary>What a layer's KL costs every member.</summary>
/// <param name="members">Members of the stack.</param>
internal sealed class KlCostScalars(int members)
{
    /// <summary>What it counts in the loss.</summary>
    public float[] Weight { get; } = [.. Enumerable.Repeat(1f, members)];

    /// <summary>Nats that a unit costs at least; minus infinity for no allowance.</summary>
    public float[] UnitFloor { get; } = [.. Enumerable.Repeat(float.NegativeInfinity, members)];

    /// <summary>Nats that the layer costs at least; minus infinity for no allowance.</summary>
    public float[] LayerFloor { get; } = [.. Enumerable.Repeat(float.NegativeInfinity, members)];

    /// <summary>Takes a member's numbers.</summary>
    public void Set(int member, double weight, KlAllowance allowance) =>
        (Weight[member], UnitFloor[member], LayerFloor[member]) = ((float)weight, (float)allowance.Unit, (float)allowance.Layer);
}
