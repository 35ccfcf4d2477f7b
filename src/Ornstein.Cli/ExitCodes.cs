namespace Ornstein.Cli;

/// <summary>Exit codes of the program.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The run failed: its message says why.</summary>
    public const int Failure = 1;

    /// <summary>An option or the configuration file is wrong; nothing was run.</summary>
    public const int Usage = 2;

    /// <summary>An element of a study has something left to do: start it again.</summary>
    public const int StartAgain = 99;

    /// <summary>Stopped because the terminal was closed (128 + SIGHUP).</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM (128 + SIGTERM).</summary>
    public const int Terminated = 143;
}
