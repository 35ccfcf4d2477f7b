using Ornstein.Studies.Attempts;
using Ornstein.Studies.Submissions;

namespace Ornstein.Studies.Status;

/// <summary>Where a cell without a result stands with the schedulers.</summary>
/// <param name="Stage">Waiting, running or lost.</param>
/// <param name="Reason">Why, in words; null where nobody was asked to do it.</param>
/// <param name="IsGiven">Whether somebody was asked to do it and may yet.</param>
internal sealed record CellStanding(CellStage Stage, string? Reason, bool IsGiven);

/// <summary>Where the cells of a study stand: by the signs of life of their attempts, and by what Slurm says of their elements.</summary>
internal sealed class CellQueue
{
    // A process that submits and is killed leaves its submission so.
    private static readonly TimeSpan _longestSubmit = TimeSpan.FromMinutes(2);

    private readonly string _study;
    private readonly SubmissionStore _store;
    private readonly Dictionary<string, (Submission Submission, int Element)> _given = new(StringComparer.Ordinal);
    private readonly IReadOnlySet<string> _tried;
    private readonly Lazy<SlurmQueue> _slurm;
    private readonly Lazy<bool> _hidesJobs = new(() => SlurmConfiguration.Read().HidesJobs);

    /// <param name="study">Folder of the study.</param>
    public CellQueue(string study)
    {
        _study = study;
        _store = new SubmissionStore(study);
        _tried = CellAttempts.Hashes(study);
        Submissions = _store.All();
        foreach (var submission in Submissions)
        {
            foreach (var cell in _store.CellsOf(submission.Number)) _given[cell.Hash] = (submission, cell.Element);
        }

        // Asked only where a cell's state depends on it.
        _slurm = new(() => SlurmQueue.Of([.. Submissions.Where(submission => submission.Options.Launcher == Launcher.Slurm)]));
    }

    public IReadOnlyList<Submission> Submissions { get; }

    /// <summary>Why Slurm could not be asked; null where it was, or need not be.</summary>
    public string? Trouble => _slurm.IsValueCreated ? _slurm.Value.Trouble : null;

    /// <summary>The last attempt at a cell that came to no result; null where there is none.</summary>
    public LastAttempt? AttemptAt(string hash) => _tried.Contains(hash) ? new CellAttempts(_study, hash).Last() : null;

    /// <summary>
    /// Whether a cell was submitted again after it failed, and that was not cancelled. By the numbers of submissions where a submission failed: clocks of machines differ, and a cell
    /// can fail within seconds.
    /// </summary>
    /// <param name="hash">The cell.</param>
    /// <param name="attempt">The last attempt at it.</param>
    /// <param name="failed">When it failed, by the clock of the machine that it failed on; null where that is not known.</param>
    public bool IsGivenAgain(string hash, LastAttempt? attempt, DateTimeOffset? failed)
    {
        if (!_given.TryGetValue(hash, out var given) || given.Submission.Stage == SubmissionStage.Cancelled) return false;
        return attempt?.Record is { Stage: AttemptStage.Failed, IsOfStudyRun: false } record ? given.Submission.Number > record.Submission : given.Submission.Time > (failed ?? DateTimeOffset.MaxValue);
    }

    /// <summary>Where a cell stands that has no result.</summary>
    /// <param name="hash">The cell.</param>
    /// <param name="attempt">The last attempt at it.</param>
    /// <param name="isHeld">Whether a <c>study run</c> is at work on the study.</param>
    public CellStanding Of(string hash, LastAttempt? attempt, bool isHeld)
    {
        if (attempt is { Record.Stage: AttemptStage.Running })
        {
            // Of a 'study run' on this machine the lock says it without delay.
            if (attempt.Record is { IsOfStudyRun: true, IsHere: true } ? isHeld : attempt.LooksAlive && !IsOver(hash, attempt)) return new(CellStage.Running, $"{attempt.Text}", IsGiven: true);
        }

        if (!_given.TryGetValue(hash, out var given)) return new(CellStage.Waiting, null, IsGiven: false);
        var (submission, element) = given;
        var where = $"element {element} of submission {submission.Number}";
        if (submission.Stage == SubmissionStage.Cancelled) return new(CellStage.Waiting, $"cancelled, {where}", IsGiven: false);
        // A failure stays on record; what was submitted since is to try it again.
        var isOfBefore = attempt?.Record is { Stage: AttemptStage.Failed } failed && failed.Submission != submission.Number;
        if (submission.Options.Launcher == Launcher.Command) return OfCommand(isOfBefore ? null : attempt, where);
        if (_slurm.Value.Trouble is { } trouble) return new(CellStage.Waiting, $"{where}; {trouble}", IsGiven: true);
        if (_slurm.Value.Find(submission, element) is not { } queued)
        {
            if (IsHidden(submission))
                return new(CellStage.Waiting, $"{where}, a job of {submission.User} that Slurm does not show to {Environment.UserName}", IsGiven: true);
            return IsBeingSubmitted(submission, DateTimeOffset.Now)
                ? new(CellStage.Waiting, $"{where}, being submitted by {submission.By}", IsGiven: true)
                : new(CellStage.Lost, Why(submission, element, attempt, $"{where} is not in Slurm's queue"), IsGiven: false);
        }

        where = $"{where}, job {queued.Job}";
        return queued switch
        {
            { State: "CANCELLED" } => new(CellStage.Waiting, $"cancelled in Slurm, {where}", IsGiven: false),
            { IsOver: true } => new(CellStage.Lost, Why(submission, element, attempt, $"{where} ended as {queued.State} on {queued.Node}"), IsGiven: false),
            { IsStuck: true } => new(CellStage.Lost, Why(submission, element, attempt, $"{queued.Reason}, {where}"), IsGiven: false),
            { State: "PENDING" } => new(CellStage.Waiting, $"{(queued.Reason == "None" ? "pending" : queued.Reason)}, {where}", IsGiven: true),
            _ => new(CellStage.Waiting, $"{where} is {queued.State.ToLowerInvariant()} on {queued.Node}", IsGiven: true),
        };
    }

    /// <summary>Whether the process may live that submits this. One that was killed long ago on a machine whose clock is ahead does not look as if it did.</summary>
    internal static bool IsBeingSubmitted(Submission submission, DateTimeOffset now) =>
        submission.Stage == SubmissionStage.Submitting && (now - submission.Time).Duration() < _longestSubmit;

    // Its process gave a sign of life a moment ago, but its scheduler says that it is no more.
    private bool IsOver(string hash, LastAttempt attempt)
    {
        if (!_given.TryGetValue(hash, out var given) || given.Submission.Number != attempt.Record.Submission) return false;
        if (given.Submission.Options.Launcher != Launcher.Slurm || _slurm.Value.Trouble is not null) return false;
        return _slurm.Value.Find(given.Submission, attempt.Record.Element) is { } queued ? queued.IsOver || queued.State == "PENDING" : !IsHidden(given.Submission);
    }

    private bool IsHidden(Submission submission) => submission.User != Environment.UserName && _hidesJobs.Value;

    private static CellStanding OfCommand(LastAttempt? attempt, string where) => attempt?.Record switch
    {
        { Stage: AttemptStage.Running } => new(CellStage.Lost, $"no sign of life of {attempt.Text} since {attempt.LastSign.ToLocalTime():HH:mm:ss}, {where}", IsGiven: false),
        { Reason: { } reason } => new(CellStage.Waiting, $"{reason}, {where}", IsGiven: true),
        _ => new(CellStage.Waiting, $"given out as {where}", IsGiven: true),
    };

    private string Why(Submission submission, int element, LastAttempt? attempt, string what)
    {
        if (attempt?.Record is { Stage: AttemptStage.Stopped, Reason: { } reason }) return $"{what}; {attempt.Text}: {reason}";
        return _store.LastLineOf(submission.Number, element) is { } line ? $"{what}; its log ends: {line}" : what;
    }
}
