using TorchSharp;

namespace Ornstein.Gaussians;

/// <summary>
/// The constants of a training step, kept for good: TorchSharp lets a temporary Scalar be collected while the native call still reads it,
/// which throws "Expected false to be true" when another thread sets off a collection.
/// </summary>
internal static class Scalars
{
    public static readonly Scalar One = 1;
    public static readonly Scalar Two = 2;
    public static readonly Scalar Half = 0.5;
}
