using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>The distinct seeds of a stack and which member has which.</summary>
public sealed class StackSeeds : IDisposable
{
    /// <summary>The seeds of these members.</summary>
    /// <param name="members">The members.</param>
    /// <param name="device">Where the stack computes; null for the processor.</param>
    public StackSeeds(IReadOnlyList<Member> members, Device? device = null)
    {
        Device = device ?? CPU;
        Distinct = [.. members.Select(member => member.Seed).Distinct()];
        var index = members.Select(member => (long)IndexOf(member.Seed)).ToArray();
        MemberToSeed = tensor(index, device: Device).DetachFromDisposeScope();
    }

    /// <summary>Where the stack computes: batches and noise of these seeds go there.</summary>
    public Device Device { get; }

    /// <summary>Every seed once, in order of first use.</summary>
    public IReadOnlyList<long> Distinct { get; }

    /// <summary>Index into <see cref="Distinct"/> of every member, int64 [members].</summary>
    public Tensor MemberToSeed { get; }

    /// <summary>Spreads values held once per seed, [seeds, ...], over the members: [members, ...], or [1, ...] for a single seed.</summary>
    public Tensor ToMembers(Tensor perSeed)
    {
        ArgumentNullException.ThrowIfNull(perSeed);
        return Distinct.Count == 1 ? perSeed : perSeed.index_select(0, MemberToSeed);
    }

    /// <inheritdoc/>
    public void Dispose() => MemberToSeed.Dispose();

    /// <summary>Index into <see cref="Distinct"/> of a seed; -1 for one that no member has.</summary>
    public int IndexOf(long seed)
    {
        for (var i = 0; i < Distinct.Count; i++)
        {
            if (Distinct[i] == seed) return i;
        }

        return -1;
    }
}
