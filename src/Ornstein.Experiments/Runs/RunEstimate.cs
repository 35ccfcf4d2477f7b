namespace Ornstein.Experiments.Runs;

/// <summary>How long a run will take, and how much memory.</summary>
/// <param name="Seconds">Seconds.</param>
/// <param name="Steps">Steps of the probe; 0 where the run is so short that none was made.</param>
/// <param name="Megabytes">Greatest resident size of the process, in 10^6 bytes; 0 where nothing is known of it.</param>
internal sealed record RunEstimate(double Seconds, int Steps, double Megabytes = 0)
{
    /// <summary>What every run takes beside: figures, pictures, the report.</summary>
    public const double Overhead = 2;

    /// <summary>Seconds of the training of one stack; 0 where no probe was made.</summary>
    public double Training { get; init; }

    /// <summary>Seconds of what follows that training: measurement, figures, report; 0 where no probe was made.</summary>
    public double Afterwards { get; init; }

    /// <summary>The sum of a run's parts.</summary>
    public static RunEstimate Of(RunRates rates, RunLengths lengths)
    {
        var training = (lengths.Steps * lengths.Updates * rates.Step) + (lengths.Epochs * lengths.Validation * rates.CurveRow);
        var measuring = (lengths.Test * ((lengths.Draws * rates.RowDraw) + (lengths.Samples * rates.RowSample)))
            + (lengths.Information == 0 ? 0 : rates.InformationStart + (lengths.Information * rates.InformationRow));
        var megabytes = rates.Memory.Of(lengths.Information, lengths.Units, lengths.Members);
        return new((lengths.Stacks * (training + measuring)) + Overhead, rates.Steps, megabytes) { Training = training, Afterwards = measuring + Overhead };
    }
}
