using System.Runtime.InteropServices;

namespace Ornstein.Studies.Launching;

/// <summary>
/// What a scheduler tells a job: SIGUSR1, that its time is nearly over, SIGTERM, Ctrl-C or a closed terminal, that it has to stop. The handlers only
/// set flags: the training ends at its next step, and the checkpoint is written by the loop.
/// </summary>
internal sealed class WorkSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _warned;
    private int _told;

    private WorkSignals()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, ref _told)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, ref _told)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, ref _told)));
        if (User1 is { } warning) _registrations.Add(PosixSignalRegistration.Create(warning, context => Handle(context, ref _warned)));
    }

    /// <summary>SIGUSR1, which .NET has no name for; null where its number is not known.</summary>
    public static PosixSignal? User1 { get; } = OperatingSystem.IsLinux() ? (PosixSignal)10 : OperatingSystem.IsMacOS() ? (PosixSignal)30 : null;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the job should go on later: it was warned, and nobody told it to stop.</summary>
    public bool IsToGoOn => Volatile.Read(ref _warned) != 0 && !IsToStop;

    /// <summary>Whether it was told to stop: what a user cancelled stays cancelled.</summary>
    public bool IsToStop => Volatile.Read(ref _told) != 0;

    public static WorkSignals Listen() => new();

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        // The source is not disposed: a handler that is on its way may still cancel it, on a thread of its own.
    }

    private void Handle(PosixSignalContext context, ref int flag)
    {
        context.Cancel = true;
        Volatile.Write(ref flag, 1);
        if (!_source.IsCancellationRequested) _source.Cancel();
    }
}
