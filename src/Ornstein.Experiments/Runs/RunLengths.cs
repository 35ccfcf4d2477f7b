namespace Ornstein.Experiments.Runs;

/// <summary>How much of each part a run has left.</summary>
internal sealed record RunLengths
{
    /// <summary>Training steps.</summary>
    public required double Steps { get; init; }

    /// <summary>Data of a training step.</summary>
    public required int Batch { get; init; }

    /// <summary>Epochs, after each of which the curves are measured.</summary>
    public required double Epochs { get; init; }

    /// <summary>Validation data.</summary>
    public required int Validation { get; init; }

    /// <summary>Test data.</summary>
    public required int Test { get; init; }

    /// <summary>Draws per test datum.</summary>
    public required int Draws { get; init; }

    /// <summary>Samples per test datum of the importance-weighted bounds.</summary>
    public required int Samples { get; init; }

    /// <summary>Test data that mutual information is measured on.</summary>
    public required int Information { get; init; }

    /// <summary>Models.</summary>
    public int Members { get; init; } = 1;

    /// <summary>Units of all layers of a model.</summary>
    public int Units { get; init; }

    /// <summary>Updates of a step on average over the training, 1 where the encoder has no further ones.</summary>
    public double Updates { get; init; } = 1;

    /// <summary>How many times the stack is trained and measured, such as once more for each further stack of its size.</summary>
    public double Stacks { get; init; } = 1;
}
