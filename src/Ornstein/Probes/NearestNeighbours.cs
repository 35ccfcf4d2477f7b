using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Probes;

/// <summary>Classes by the vote of the nearest codes (Euclidean distance); the lowest class wins a tie.</summary>
internal static class NearestNeighbours
{
    private const int Block = 50; // small: of large temporaries the allocator keeps pieces

    /// <summary>The class of every row of <paramref name="test"/>.</summary>
    /// <param name="train">Codes, [count, units].</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="test">Other codes, [rows, units].</param>
    /// <param name="neighbours">Codes that vote; all of them where there are fewer.</param>
    /// <param name="stop">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static int[] Classify(Tensor train, int[] labels, Tensor test, int neighbours, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        var classes = labels.Max() + 1;
        var target = tensor(labels, [labels.Length]).to(ScalarType.Int64);
        // Distances to the centre lose the fewest digits.
        var centre = train.mean([0L]);
        var centred = train - centre;
        var lengths = centred.Squared().sum([1L]);
        var result = new int[test.shape[0]];
        for (var start = 0; start < result.Length; start += Block)
        {
            stop.ThrowIfCancellationRequested();
            using var blockScope = NewDisposeScope();
            var points = test.narrow(0, start, Math.Min(Block, result.Length - start)) - centre;
            var distance = lengths - mm(points, centred.transpose(0, 1)).Times(2); // less the point's own length, the same for all
            var (_, nearest) = distance.topk((int)Math.Min(neighbours, train.shape[0]), 1, largest: false, sorted: false);
            var votes = zeros(points.shape[0], classes);
            var voters = target.index_select(0, nearest.flatten()).view(nearest.shape);
            votes.scatter_add_(1, voters, ones(voters.shape));
            var values = votes.data<float>().ToArray();
            for (var i = 0; i < points.shape[0]; i++)
            {
                var row = values.AsSpan(i * classes, classes);
                for (var c = 1; c < classes; c++)
                {
                    if (row[c] > row[result[start + i]]) result[start + i] = c;
                }
            }
        }

        return result;
    }
}
