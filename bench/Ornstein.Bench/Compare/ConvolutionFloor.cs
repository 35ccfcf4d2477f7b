namespace Ornstein.Bench.Compare;

/// <summary>
/// The limit of convolutional members: a step's products alone, back to back at their own shapes and shared among threads as in a step, as
/// <see cref="OwnFloor"/> is of dense layers.
/// </summary>
internal static class ConvolutionFloor
{
    /// <summary>
    /// A contender that takes the products alone; null as long as there are no kernels of convolutions, and then nothing is measured. This is the one place to
    /// change: <see cref="StepProducts.Of"/> has all shapes.
    /// </summary>
    /// <param name="model">Whose products.</param>
    public static IContender? Of(BenchModel model)
    {
        _ = model;
        return null;
    }
}
