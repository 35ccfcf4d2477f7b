using Ornstein.Storage;

namespace Ornstein.Runs;

/// <summary>A run folder that belongs to this process until disposed. What was made for a run that wrote nothing goes away again.</summary>
internal sealed class RunReservation : IDisposable
{
    private readonly IDisposable _hold;
    private readonly string? _made;

    internal RunReservation(RunFolder folder, IDisposable hold, string? made) => (Folder, _hold, _made) = (folder, hold, made);

    /// <summary>The folder.</summary>
    public RunFolder Folder { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hold.Dispose();
        if (_made is null) return;
        // Upwards from the run folder, as long as folders that were made for it are empty.
        for (var at = Path.GetFullPath(Folder.Path); at is not null && at.Length >= _made.Length; at = Path.GetDirectoryName(at))
        {
            try
            {
                Directory.Delete(at);
            }
            catch (Exception error) when (FileTrouble.IsTrouble(error))
            {
                return; // something is in it
            }
        }
    }
}
