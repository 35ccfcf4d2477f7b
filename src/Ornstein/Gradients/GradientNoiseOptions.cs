namespace Ornstein.Gradients;

/// <summary>
/// How the noise of gradients is measured while a stack trains: now and then, before a step, gradients of several batches of the pass with several draws of their noise, at the weights as they
/// stand. Training does not change by it. A measurement costs as much as <see cref="Batches"/> times <see cref="Draws"/> steps.
/// </summary>
public sealed record GradientNoiseOptions
{
    /// <summary>Measurements in a pass over the data, evenly spread, the first before its first step; at least 1. A pass of fewer steps has one before each.</summary>
    public int TimesPerEpoch { get; init; } = 4;

    /// <summary>Batches of a measurement, at least 2: the step's own and those after it.</summary>
    public int Batches { get; init; } = 4;

    /// <summary>Draws of every batch's noise, at least 2.</summary>
    public int Draws { get; init; } = 2;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (TimesPerEpoch < 1) throw new OrnsteinException($"gradients are measured {TimesPerEpoch} times a pass; it must be at least 1.");
        if (Batches < 2) throw new OrnsteinException($"gradients are measured on {Batches} batch; how they differ takes at least 2.");
        if (Draws < 2) throw new OrnsteinException($"gradients are measured with {Draws} draw; how they differ takes at least 2.");
    }
}
