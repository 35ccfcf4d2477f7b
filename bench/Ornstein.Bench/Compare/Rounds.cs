namespace Ornstein.Bench.Compare;

/// <summary>
/// Interleaved rounds: each contender has a turn in every round, so that whatever else the machine does meets all alike, and ratios are
/// taken within a round.
/// </summary>
internal sealed class Rounds
{
    // Milliseconds: the last one's threads spin for a while before they sleep.
    private const int Pause = 50;

    // A turn that other programs disturbed is taken again so many times.
    private const int MostRetries = 40;

    private readonly Dictionary<string, double[]> _seconds = new(StringComparer.Ordinal); // of a step, by round
    private readonly Dictionary<string, int> _images = new(StringComparer.Ordinal);

    /// <summary>Every contender in the order it was given.</summary>
    public IEnumerable<string> Names => _seconds.Keys;

    /// <summary>Runs the rounds and disposes the contenders.</summary>
    public static Rounds Run(string title, IReadOnlyList<IContender> contenders, CompareOptions options)
    {
        var rounds = new Rounds();
        try
        {
            var steps = contenders.Select(contender => StepsOfTurn(contender, options)).ToArray();
            foreach (var contender in contenders)
            {
                rounds._seconds.Add(contender.Name, new double[options.Rounds]);
                rounds._images.Add(contender.Name, contender.ImagesPerStep);
            }

            for (var round = 0; round < options.Rounds; round++)
            {
                Console.Error.Write($"\r{title}: round {round + 1} of {options.Rounds} ");
                for (var i = 0; i < contenders.Count; i++)
                {
                    rounds._seconds[contenders[i].Name][round] = rounds.Turn(contenders[i], steps[i]) / steps[i];
                }
            }

            Console.Error.WriteLine();
            return rounds;
        }
        finally
        {
            foreach (var contender in contenders) contender.Dispose();
        }
    }

    /// <summary>Turns that other programs disturbed and that were taken again.</summary>
    public int Retaken { get; private set; }

    /// <summary>Turns that stayed disturbed.</summary>
    public int Disturbed { get; private set; }

    /// <summary>Seconds of a step.</summary>
    public Quartiles Seconds(string name) => Quartiles.Of(_seconds[name]);

    /// <summary>Images a second, counted once per member; null where a step trains none.</summary>
    public double? ImagesPerSecond(string name) => _images[name] == 0 ? null : _images[name] / Seconds(name).Median;

    /// <summary>How many times faster images pass through one than through the other: by round.</summary>
    public Quartiles SpeedRatio(string fast, string slow) =>
        Ratio(slow, fast, (double)_images[fast] / _images[slow]);

    /// <summary>Time of a step of one over that of another: by round.</summary>
    public Quartiles TimeRatio(string numerator, string denominator) => Ratio(numerator, denominator, 1);

    /// <summary>A number that each round gives, from the seconds of a step of any contender in it.</summary>
    public Quartiles Of(Func<Func<string, double>, double> formula) =>
        Quartiles.Of(Enumerable.Range(0, _seconds.Values.First().Length).Select(round => formula(name => _seconds[name][round])));

    private Quartiles Ratio(string numerator, string denominator, double factor) =>
        Quartiles.Of(_seconds[numerator].Zip(_seconds[denominator], (a, b) => factor * a / b));

    private double Turn(IContender contender, int steps)
    {
        var quiet = new Quiet();
        for (var retries = 0; ; retries++)
        {
            Thread.Sleep(Pause);
            quiet.Begin();
            var seconds = contender.Run(steps);
            if (quiet.Was()) return seconds;
            if (retries == MostRetries || contender.IsLong)
            {
                Disturbed++;
                return seconds;
            }

            Retaken++;
        }
    }

    // A turn of about the wanted length; the steps that find it out are the warm-up.
    private static int StepsOfTurn(IContender contender, CompareOptions options)
    {
        if (contender.IsLong) return 1;
        if (contender.Run(1) > options.SecondsPerTurn) return 1; // a step is more than a turn
        contender.Run(1);
        var seconds = contender.Run(3) / 3;
        var steps = (int)Math.Clamp(options.SecondsPerTurn / seconds, 1, 10_000);
        contender.Run(2 * steps);
        return steps;
    }
}
