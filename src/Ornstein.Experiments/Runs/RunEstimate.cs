namespace Ornstein.Experiments.Runs;

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
