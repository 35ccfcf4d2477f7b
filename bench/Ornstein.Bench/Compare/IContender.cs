namespace Ornstein.Bench.Compare;

/// <summary>One of those whose steps are timed side by side.</summary>
internal interface IContender : IDisposable
{
    /// <summary>Who it is and what it runs, such as "ornstein x16 K=8".</summary>
    string Name { get; }

    /// <summary>Images that a step trains, counted once per member; 0 where it trains none.</summary>
    int ImagesPerStep { get; }

    /// <summary>Whether a step is so long that one is a turn, and no warm-up needed.</summary>
    bool IsLong => false;

    /// <summary>Runs so many steps and says how many seconds they took.</summary>
    double Run(int steps);
}
