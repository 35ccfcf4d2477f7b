namespace Ornstein.Cli.Machine;

/// <summary>How something is on this machine.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Not there, which only some commands miss.</summary>
    Absent,

    /// <summary>Some runs will fail by it.</summary>
    Wrong,
}

/// <summary>What <c>doctor</c> says of one thing.</summary>
/// <param name="Name">What was looked at, in a word or two.</param>
/// <param name="State">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do, or what misses it; null where there is nothing to do.</param>
internal sealed record MachineCheck(string Name, CheckState State, string Found, string? Advice = null)
{
    /// <summary>As it should be.</summary>
    public static MachineCheck Ok(string name, string found, string? advice = null) => new(name, CheckState.Ok, found, advice);

    /// <summary>Not there.</summary>
    public static MachineCheck Absent(string name, string found, string advice) => new(name, CheckState.Absent, found, advice);

    /// <summary>Some runs will fail by it.</summary>
    public static MachineCheck Wrong(string name, string found, string advice) => new(name, CheckState.Wrong, found, advice);
}
