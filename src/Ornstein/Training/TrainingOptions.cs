using Ornstein.Gradients;
using Ornstein.Optimization;

namespace Ornstein.Training;

/// <summary>How a stack is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training data, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Data in a step, at least 1.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The learning rate of every step.</summary>
    public LearningRateSchedule LearningRate { get; init; } = new();

    /// <summary>Settings that the optimizer is to be made with; where they are not the default, the <see cref="Optimization.Adam"/> that trains must have them.</summary>
    public AdamOptions Adam { get; init; } = new();

    /// <summary>How the noise of gradients is measured; null: it is not.</summary>
    public GradientNoiseOptions? GradientNoise { get; init; }

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">Names the value and its range.</exception>
    public void Validate()
    {
        if (Epochs < 1) throw new OrnsteinException($"epochs is {Epochs}; it must be at least 1.");
        if (BatchSize < 1) throw new OrnsteinException($"batch is {BatchSize}; it must be at least 1.");
        LearningRate.Validate();
        Adam.Validate();
        GradientNoise?.Validate();
    }
}
