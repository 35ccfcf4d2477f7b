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
        KlWeight = [.. Enumerable.Range(0, vae.Options.Layers).Select(_ => Enumerable.Repeat(1f, vae.Members.Count).ToArray())];
    }

    /// <summary>Smoothing parameters, [links][members].</summary>
    public float[][] Rho { get; }

    /// <summary>What a layer's KL counts in the loss, [layers][members].</summary>
    public float[][] KlWeight { get; }

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

            for (var layer = 0; layer < KlWeight.Length; layer++) KlWeight[layer][member] = (float)own.Remedy.KlWeight(layer, clock);
        }
    }

    // Programs are built without smoothing for links whose rho is 1 throughout: one that leaves 1 between the moments that were asked would be ignored.
    private static OrnsteinException Unforeseen(int link) =>
        new($"a remedy takes the rho of link {link + 1} below 1 for less than a thousandth of the training; let it last longer.");
}
