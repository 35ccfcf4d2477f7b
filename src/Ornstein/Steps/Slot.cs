namespace Ornstein.Steps;

/// <summary>
/// A matrix of a step: values, and their gradient where they have one, [draws, data, width]. Draws are the samples of a datum, and within each the inner draws
/// of smoothing. What has fewer draws than what is made of it serves equal runs of them: an encoder's Gaussian has one, and every sample is drawn from it.
/// </summary>
/// <param name="Width">Numbers of a row.</param>
/// <param name="Draws">Rows of a datum: samples times inner draws.</param>
/// <param name="BlockRows">Rows between the draws in memory: one per datum, or more so that no vector reaches from one draw into the next.</param>
/// <param name="IsWhole">Whether it holds all data of a batch; others hold those of a slice (<see cref="StepProgram.RowsAtOnce"/>).</param>
/// <param name="Value">Offset of the values in the workspace, in floats.</param>
/// <param name="Gradient">Offset of the gradient; -1 where there is none.</param>
internal sealed record Slot(int Width, int Draws, int BlockRows, bool IsWhole, long Value, long Gradient)
{
    public bool HasGradient => Gradient >= 0;

    /// <summary>Floats between the draws.</summary>
    public nint Block => (nint)BlockRows * Width;

    /// <summary>Which of its draws serves a draw of a slot that has as many or more.</summary>
    public int DrawFor(Slot made, int draw) => Draws == made.Draws ? draw : draw / (made.Draws / Draws);

    /// <summary>Whether a draw of that slot is not the first that this slot's draw serves: gradients of it add up.</summary>
    public bool IsServedAgain(Slot made, int draw) => Draws != made.Draws && draw % (made.Draws / Draws) != 0;
}

/// <summary>Mean and standard deviation of a diagonal Gaussian, each [draws, batch, units].</summary>
internal sealed record GaussianSlots(Slot Mean, Slot Deviation);
