using static TorchSharp.torch;

namespace Ornstein.Bench.Peers;

/// <summary>Batches of one tensor in another order every epoch.</summary>
internal static class BatchesByIndex
{
    public static IEnumerable<Tensor> Of(Tensor data, int size)
    {
        while (true)
        {
            using var order = randperm(data.shape[0], dtype: ScalarType.Int64).DetachFromDisposeScope();
            for (var start = 0; start + size <= order.shape[0]; start += size) yield return data.index_select(0, order.narrow(0, start, size));
        }
    }
}
