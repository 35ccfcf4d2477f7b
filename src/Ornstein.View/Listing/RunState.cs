namespace Ornstein.View.Listing;

/// <summary>How far a run is, as its folder shows it.</summary>
internal enum RunState
{
    /// <summary>A process is at work in it, or was killed: whoever looks sees by <see cref="RunEntry.Changed"/> how long ago something was written.</summary>
    Training,

    /// <summary>Ended before its end; <c>--resume</c> goes on.</summary>
    Stopped,

    /// <summary>There are results.</summary>
    Finished,

    /// <summary>Its files cannot be read.</summary>
    Broken,
}
