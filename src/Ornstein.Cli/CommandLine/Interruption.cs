using System.Runtime.InteropServices;
using Ornstein.Studies.Launching;

namespace Ornstein.Cli.CommandLine;

/// <summary>
/// Ctrl-C, SIGTERM, SIGHUP of a terminal that closes, and SIGUSR1, by which a batch system warns, as a request to stop at the next safe place. A
/// second signal ends the program at once. A signal that was ignored when the program began, as SIGHUP is under nohup, stays ignored: so .NET has it.
/// Dispose it to give the signals back.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    private Interruption() =>
        _registrations = [.. Signals().Select(each => PosixSignalRegistration.Create(each.Signal, context => Handle(context, each.Code)))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether a signal came.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    /// <summary>What to exit with: 128 and the signal's number, such as 130 after Ctrl-C; 0 when no signal came.</summary>
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
        // The source is not disposed: a handler that is on its way may still cancel it, on a thread of its own.
    }

    private static IEnumerable<(PosixSignal Signal, int Code)> Signals()
    {
        yield return (PosixSignal.SIGINT, ExitCodes.Interrupted);
        yield return (PosixSignal.SIGTERM, ExitCodes.Terminated);
        yield return (PosixSignal.SIGHUP, ExitCodes.HungUp);
        if (WorkSignals.User1 is { } user) yield return (user, 128 + (int)user);
    }

    private void Handle(PosixSignalContext context, int code)
    {
        if (Interlocked.CompareExchange(ref _exitCode, code, 0) != 0) return;
        context.Cancel = true;
        _source.Cancel();
    }
}
