namespace Ornstein.Steps;

/// <summary>A matrix of a step: values, and their gradient where they have one, [draws, batch, width].</summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Draws">Rows of a datum: the inner draws of smoothing, or 1.</param>
/// <param name="Value">Offset of the values in the workspace, in floats.</param>
/// <param name="Gradient">Offset of the gradient; -1 where there is none.</param>
internal sealed record Slot(int Width, int Draws, long Value, long Gradient)
{
    public bool HasGradient => Gradient >= 0;
}

/// <summary>Mean and standard deviation of a diagonal Gaussian, each [1, batch, units].</summary>
internal sealed record GaussianSlots(Slot Mean, Slot Deviation);
