using Ornstein.Data;
using Ornstein.Experiments.Runs;
using Ornstein.Runs;
using Ornstein.View.Documents;
using Ornstein.View.Listing;

namespace Ornstein.View.Exploration;

/// <summary>
/// The model that is being looked into, one stack with its data at a time: another takes its place. Requests take turns, since a model's memory is
/// not for several threads.
/// </summary>
internal sealed class ExplorerShelf : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private OpenStack? _open;

    /// <summary>Does something with a model.</summary>
    /// <param name="place">The run.</param>
    /// <param name="query">The model, by its round and its place there.</param>
    /// <param name="use">What to do.</param>
    /// <param name="stop">Whoever asked has gone.</param>
    /// <exception cref="OrnsteinException">There is no such model, its weights or data cannot be read, or its data are no pictures.</exception>
    public async Task<T> Use<T>(RunPlace place, ModelQuery query, Func<LatentExplorer, ExploredModel, T> use, CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var folder = RunFolder.Open(place.Path);
            var model = RunModel.Of(folder, StoredResult.IfReadable(folder)).FirstOrDefault(each => each.Round == query.Round && each.Place == query.Place)
                ?? throw new OrnsteinException($"the run has no model {query.Place}{(query.Round == 0 ? "" : $" in round {query.Round}")}.");
            var stack = Open(model.Stack!, stop); // what has a place has a stack
            return use(stack.Explorer(query.Place), new ExploredModel(model, stack.Run));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _open?.Dispose();
        _turn.Dispose();
    }

    private OpenStack Open(RunFolder folder, CancellationToken stop)
    {
        // Of a run that is training, the weights of its last checkpoint.
        var written = File.GetLastWriteTimeUtc(Path.Combine(folder.Checkpoint, "state.json"));
        if (_open is { } open && open.Run.Folder.Path == folder.Path && open.Written == written) return open;
        _open?.Dispose();
        _open = null;
        RequireData(StoredRun.ShownSettingsOf(folder).Data);
        var run = StoredRun.Open(folder.Path, MeasuredOn.Own with { Most = 2000 }, settings => settings with { Threads = 1 }, stop);
        if (run.Data.Shape is null)
        {
            var name = run.Data.Name;
            run.Dispose();
            throw new OrnsteinException($"data '{name}' are not images, so there is no picture to show.");
        }

        return _open = new OpenStack(run, written);
    }

    // Looking at a run fetches nothing.
    private static void RequireData(string data)
    {
        if (DatasetCatalog.Describe(data) is not { AlwaysPresent: false } set || DatasetCatalog.FindFolder(set.Name) is not null) return;
        throw new OrnsteinException($"the pictures need the data set {set.Name}, which is not on this machine; 'ornstein data get {set.Name}' brings it.");
    }

    private sealed class OpenStack(StoredRun run, DateTime written) : IDisposable
    {
        private readonly Dictionary<int, LatentExplorer> _explorers = [];

        public StoredRun Run { get; } = run;

        public DateTime Written { get; } = written;

        public LatentExplorer Explorer(int member)
        {
            if (!_explorers.TryGetValue(member, out var explorer)) _explorers.Add(member, explorer = new LatentExplorer(Run.Vae.Single(member), Run.Data.Test));
            return explorer;
        }

        public void Dispose() => Run.Dispose();
    }
}

/// <summary>The model that is being looked into.</summary>
/// <param name="Model">Which.</param>
/// <param name="Run">Its stack and its data.</param>
internal sealed record ExploredModel(RunModel Model, StoredRun Run);
