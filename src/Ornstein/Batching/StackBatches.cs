using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Batching;

/// <summary>
/// The batches of a stack: every seed has its own order of the data in each epoch, and its own pixels under dynamic binarization,
/// both pure functions of seed and step. The rows left over at the end of an epoch are left out of it.
/// </summary>
public sealed class StackBatches : IDisposable
{
    private readonly DataRows _rows;
    private readonly StackSeeds _seeds;
    private Tensor[] _orders = [];
    private long _epochOfOrders = -1;

    /// <summary>Batches of <paramref name="batch"/> rows, or of all rows where there are fewer, for the seeds of a stack.</summary>
    /// <exception cref="OrnsteinException">There are no rows.</exception>
    public StackBatches(DataRows rows, StackSeeds seeds, int batch)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        if (rows.Count == 0) throw new OrnsteinException("there are no training data.");
        _rows = rows;
        _seeds = seeds;
        BatchSize = Math.Min(batch, rows.Count);
        StepsPerEpoch = rows.Count / BatchSize;
    }

    /// <summary>Rows in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Whole batches in an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The batch of a step (from 1), float32 [members, batch, features], or [1, ...] where all members share a seed.</summary>
    public Tensor Of(long step)
    {
        var (epoch, position) = Math.DivRem(step - 1, StepsPerEpoch);
        if (epoch != _epochOfOrders) Reorder(epoch);
        var perSeed = new Tensor[_seeds.Distinct.Count];
        for (var i = 0; i < perSeed.Length; i++)
        {
            var index = _orders[i].narrow(0, position * BatchSize, BatchSize);
            perSeed[i] = _rows.Gather(index, RandomKey.FromSeed(_seeds.Distinct[i]).At("pixels").At(step));
        }

        return _seeds.ToMembers(perSeed.Length == 1 ? perSeed[0].unsqueeze(0) : stack(perSeed, 0));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var order in _orders) order.Dispose();
    }

    private void Reorder(long epoch)
    {
        Dispose();
        _orders = [.. _seeds.Distinct.Select(seed =>
            RandomKey.FromSeed(seed).At("order").At(epoch).Permutation(_rows.Count).DetachFromDisposeScope())];
        _epochOfOrders = epoch;
    }
}
