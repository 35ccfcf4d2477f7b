using Ornstein.Models;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Steps;

/// <summary>
/// What a training step does to parameters that no gradient reaches: running means are moved by what networks and likelihood noted, and those that a network
/// moves itself go back where a member takes no part in the step.
/// </summary>
internal sealed class RunningStatistics
{
    private readonly HierarchicalVae _vae;
    private readonly List<(int Member, Tensor Block, Tensor Before)> _own = [];

    /// <summary>Before a step, in a dispose scope of its own.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="active">Members that may take part.</param>
    /// <param name="isOwn">Whether networks may move some themselves, as modules move their buffers.</param>
    public RunningStatistics(HierarchicalVae vae, bool[] active, bool isOwn)
    {
        _vae = vae;
        if (!isOwn) return;
        foreach (var entry in vae.Parameters.Layout.Entries.Where(entry => !entry.IsTrained))
        {
            var block = vae.Parameters.Block(vae.Parameters.Values, entry).detach();
            for (var member = 0; member < active.Length; member++)
            {
                if (active[member]) _own.Add((member, block[member], block[member].clone()));
            }
        }
    }

    /// <summary>After a step.</summary>
    /// <param name="rate">Share that a running mean takes of what the batch had.</param>
    /// <param name="takes">Members that took the step, bool [members].</param>
    public void Move(double rate, Tensor takes)
    {
        using var guard = no_grad();
        foreach (var (member, block, before) in _own)
        {
            block.copy_(where(takes[member], block, before));
        }

        foreach (var (parameters, entry, value) in _vae.Networks.Mode.Statistics!)
        {
            var mean = parameters.Block(parameters.Values, entry).detach();
            var own = parameters == _vae.Parameters ? takes : takes.narrow(0, MemberOf(parameters), 1);
            var isMoved = own.view([own.shape[0], .. entry.Shape.Axes.Select(_ => 1L)]);
            var moved = lerp(mean, value, isMoved.to(ScalarType.Float32).Times((float)rate));
            mean.copy_(where(isMoved, moved, mean)); // a member that stays may have had numbers that are not finite
        }
    }

    /// <summary>In place of it, where no step was taken: networks have moved theirs all the same.</summary>
    public void Restore()
    {
        using var guard = no_grad();
        foreach (var (_, block, before) in _own) block.copy_(before);
    }

    private int MemberOf(StackParameters single) =>
        Enumerable.Range(0, _vae.Members.Count).First(member => single == _vae.Parameters.Single(member));
}
