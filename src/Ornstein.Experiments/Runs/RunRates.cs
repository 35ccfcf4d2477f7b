namespace Ornstein.Experiments.Runs;

/// <summary>
/// How long the parts of a run take, as a probe of its own configuration measured them. Runs of one kind, which differ in lengths alone, share them.
/// </summary>
/// <param name="Steps">Training steps that were timed.</param>
/// <param name="Step">Seconds of a training step of the whole stack that updates the encoder once.</param>
/// <param name="CurveRow">Seconds of the curves for one validation datum, all members.</param>
/// <param name="RowDraw">Seconds of the measurement for one test datum and one draw, all members.</param>
/// <param name="RowSample">Seconds of the importance-weighted bounds for one test datum and one sample, all members.</param>
/// <param name="InformationStart">Seconds of the mutual information of all members however few its data.</param>
/// <param name="InformationRow">Further seconds of it for each of its data.</param>
internal sealed record RunRates(
    int Steps, double Step, double CurveRow, double RowDraw, double RowSample, double InformationStart, double InformationRow);

/// <summary>How much of each part a run has left.</summary>
internal sealed record RunLengths
{
    /// <summary>Training steps.</summary>
    public required double Steps { get; init; }

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

    /// <summary>Updates of a step on average over the training, 1 where the encoder has no further ones.</summary>
    public double Updates { get; init; } = 1;

    /// <summary>How many times the stack is trained and measured, such as once more for each further stack of its size.</summary>
    public double Stacks { get; init; } = 1;
}

/// <summary>How long a run will take.</summary>
/// <param name="Seconds">Seconds.</param>
/// <param name="Steps">Steps of the probe; 0 where the run is so short that none was made.</param>
internal sealed record RunEstimate(double Seconds, int Steps)
{
    /// <summary>What every run takes beside: figures, pictures, the report.</summary>
    public const double Overhead = 2;

    /// <summary>The sum of a run's parts.</summary>
    public static RunEstimate Of(RunRates rates, RunLengths lengths)
    {
        var training = (lengths.Steps * lengths.Updates * rates.Step) + (lengths.Epochs * lengths.Validation * rates.CurveRow);
        var measuring = (lengths.Test * ((lengths.Draws * rates.RowDraw) + (lengths.Samples * rates.RowSample)))
            + (lengths.Information == 0 ? 0 : rates.InformationStart + (lengths.Information * rates.InformationRow));
        return new((lengths.Stacks * (training + measuring)) + Overhead, rates.Steps);
    }
}
