using System.Runtime.InteropServices;

namespace Ornstein.Cli.CommandLine;

/// <summary>
/// Ctrl-C and SIGTERM as a request to stop at the next safe place. A second signal ends the program at once.
/// Dispose it to give the signals back.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    private Interruption() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether a signal came.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    /// <summary>What to exit with: 130 after Ctrl-C, 143 after SIGTERM, 0 when no signal came.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public static Interruption Listen() => new();

    /// <summary>Runs an action that a signal can stop; it then says so and ends with the signal's exit code.</summary>
    public static int Guard(Func<CancellationToken, int> action)
    {
        using var interruption = Listen();
        try
        {
            return action(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.IsRequested)
        {
            Console.Error.WriteLine($"{Application.Name}: interrupted");
            return interruption.ExitCode;
        }
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        int code = context.Signal == PosixSignal.SIGTERM ? ExitCodes.Terminated : ExitCodes.Interrupted;
        if (Interlocked.CompareExchange(ref _exitCode, code, 0) != 0) return;
        context.Cancel = true;
        _source.Cancel();
    }
}
