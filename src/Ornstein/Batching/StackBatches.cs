using System.Runtime.InteropServices;
using Ornstein.Randomness;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Batching;

/// <summary>
/// The batches of a stack: every seed has its own order of the data in each epoch, and its own pixels under dynamic binarization,
/// both pure functions of seed and step. The rows left over at the end of an epoch are left out of it.
/// </summary>
public sealed class StackBatches
{
    private readonly DataRows _rows;
    private readonly StackSeeds _seeds;
    private readonly int[][] _orders; // by seed
    private long _epochOfOrders = -1;

    /// <summary>Batches of <paramref name="batch"/> rows, or of all rows where there are fewer, for the seeds of a stack.</summary>
    /// <exception cref="OrnsteinException">There are no rows.</exception>
    public StackBatches(DataRows rows, StackSeeds seeds, int batch)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        if (rows.Count == 0) throw new OrnsteinException("there are no training data.");
        _rows = rows;
        _seeds = seeds;
        _orders = [.. seeds.Distinct.Select(_ => new int[rows.Count])];
        BatchSize = Math.Min(batch, rows.Count);
        StepsPerEpoch = rows.Count / BatchSize;
    }

    /// <summary>Rows in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Whole batches in an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The batch of a step (from 1), float32 [members, batch, features], or [1, ...] where all members share a seed, where the stack computes.</summary>
    public Tensor Of(long step)
    {
        Prepare(step);
        var perSeed = empty(_orders.Length, BatchSize, _rows.Features, device: CPU);
        var memory = MemoryMarshal.Cast<byte, float>(perSeed.bytes);
        var length = BatchSize * _rows.Features;
        for (var seed = 0; seed < _orders.Length; seed++) Fill(seed, step, first: 0, memory.Slice(seed * length, length));
        return _seeds.ToMembers(_seeds.Device.type == DeviceType.CPU ? perSeed : perSeed.to(_seeds.Device));
    }

    /// <summary>Orders the data for the epoch of a step; to be called before <see cref="Fill"/>.</summary>
    /// <param name="step">The step, from 1.</param>
    public void Prepare(long step)
    {
        var epoch = (step - 1) / StepsPerEpoch;
        if (epoch == _epochOfOrders) return;
        for (var seed = 0; seed < _orders.Length; seed++)
        {
            RandomKey.FromSeed(_seeds.Distinct[seed]).At("order").At(epoch).FillPermutation(_orders[seed]);
        }

        _epochOfOrders = epoch;
    }

    /// <summary>A step whose batch is another one of the same epoch: updates of a step take those that follow, around the end.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="ahead">How many follow.</param>
    internal long OtherStep(long step, long ahead)
    {
        var (epoch, place) = Math.DivRem(step - 1, StepsPerEpoch);
        return (epoch * StepsPerEpoch) + ((place + ahead) % StepsPerEpoch) + 1;
    }

    /// <summary>Writes rows of the batch of a step; several threads may do so at once.</summary>
    /// <param name="seed">Index of the seed among the distinct ones.</param>
    /// <param name="step">The step that <see cref="Prepare"/> was called for.</param>
    /// <param name="first">First row of the batch that is wanted.</param>
    /// <param name="target">Receives as many rows as it has room for.</param>
    public void Fill(int seed, long step, int first, Span<float> target)
    {
        var start = (int)((step - 1) % StepsPerEpoch) * BatchSize;
        var index = _orders[seed].AsSpan(start + first, target.Length / _rows.Features);
        _rows.Gather(index, first, RandomKey.FromSeed(_seeds.Distinct[seed]).At("pixels").At(step), target);
    }
}
