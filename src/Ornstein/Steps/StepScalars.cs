using Ornstein.Models;
using Ornstein.Remedies;

namespace Ornstein.Steps;

/// <summary>Numbers of each member that operations read and schedules move: written between steps, in place.</summary>
internal sealed class StepScalars
{
    private readonly HierarchicalVae _vae;

    /// <summary>Rho as it stands in the model, KLs counted once.</summary>
    public StepScalars(HierarchicalVae vae)
    {
        _vae = vae;
        Rho = [.. Enumerable.Range(0, vae.Options.Layers - 1).Select(link => vae.Rho.Select(links => (float)links[link]).ToArray())];
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
            for (var link = 0; link < Rho.Length; link++) Rho[link][member] = (float)own.RhoOf(link, Rho.Length, clock);
            for (var layer = 0; layer < KlWeight.Length; layer++) KlWeight[layer][member] = (float)own.Remedy.KlWeight(layer, clock);
        }
    }
}
