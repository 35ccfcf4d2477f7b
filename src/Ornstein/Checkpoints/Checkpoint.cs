using System.Globalization;
using System.Text.Json;
using Ornstein.Optimization;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Storage;
using Ornstein.Training;
using static TorchSharp.torch;

namespace Ornstein.Checkpoints;

/// <summary>
/// A folder that always holds one whole checkpoint: weights and moments go to new files first, then <c>state.json</c>, which names
/// them, is replaced at once, then the old files go. Killed at any moment, the folder is either the old checkpoint or the new one.
/// </summary>
/// <remarks>Weights are safetensors, every parameter [members, shape...], such as [members, inputs, outputs], readable from any language.</remarks>
public static class Checkpoint
{
    private const string StateFile = "state.json";
    private const int Tries = 20;

    private static readonly string[] _firstWeights = ["q1.hidden1.weight", "q1.output.weight"];

    /// <summary>Whether a folder holds a checkpoint.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, StateFile));

    /// <summary>Writes a checkpoint and removes the one before it.</summary>
    /// <param name="folder">The checkpoint's folder; made if missing.</param>
    /// <param name="adam">The optimizer, with the parameters.</param>
    /// <param name="state">Where training stands.</param>
    /// <param name="metricsBytes">Length of the metrics file that belongs to it.</param>
    /// <exception cref="OrnsteinException">The folder cannot be written; the checkpoint before stands.</exception>
    public static void Save(string folder, Adam adam, TrainingState state, long metricsBytes)
    {
        ArgumentNullException.ThrowIfNull(adam);
        ArgumentNullException.ThrowIfNull(state);
        var (weights, moments) = ($"weights-{state.Step:D8}.safetensors", $"moments-{state.Step:D8}.safetensors");
        CreateFolder(folder);
        Write(Path.Combine(folder, weights), adam.Parameters, (string.Empty, adam.Parameters.Values));
        Write(Path.Combine(folder, moments), adam.Parameters, ("first.", adam.FirstMoment), ("second.", adam.SecondMoment));
        var average = adam.Average is null ? null : $"average-{state.Step:D8}.safetensors";
        if (adam.Average is { } own) Write(Path.Combine(folder, average!), adam.Parameters, (string.Empty, own.Values));
        var document = new CheckpointState
        {
            Step = state.Step,
            DivergedAt = state.DivergedAt,
            EpochSums = state.EpochSums,
            EpochSteps = state.EpochSteps,
            StepsPerEpoch = state.StepsPerEpoch,
            Data = state.Data,
            LongGradients = state.LongGradients,
            Gradients = state.Gradients,
            MetricsBytes = metricsBytes,
            Weights = weights,
            Moments = moments,
            Average = average,
        };
        AtomicFile.WriteText(Path.Combine(folder, StateFile), JsonSerializer.Serialize(document, ResultJson.Indented));
        RemoveOlder(folder, state.Step);
    }

    /// <summary>Reads the state of a folder's checkpoint, and checks that it fits a stack.</summary>
    /// <exception cref="OrnsteinException">There is none, it is damaged, or it is of another number of members or layers.</exception>
    public static CheckpointState ReadState(string folder, int layers, int members)
    {
        var path = Path.Combine(folder, StateFile);
        if (!File.Exists(path)) throw new OrnsteinException($"'{folder}' holds no checkpoint ({StateFile} is missing).");
        CheckpointState? state;
        try
        {
            state = JsonSerializer.Deserialize<CheckpointState>(TextFile.Read(path), ResultJson.Indented);
        }
        catch (JsonException error)
        {
            throw new OrnsteinException($"'{path}' is damaged: line {error.LineNumber + 1} is not as a checkpoint's state is written.", error);
        }

        if (state is not { Format: 1 }) throw new OrnsteinException($"'{path}' has a form that this version of Ornstein does not read.");
        if (state.DivergedAt?.Length != members || state.EpochSums?.Length != layers + 1
            || state.EpochSums.Any(sums => sums?.Length != members)
            || state.LongGradients?.IsOf(members) == false
            || state.Gradients?.IsOf(members) == false)
        {
            throw new OrnsteinException($"'{path}' is the checkpoint of another stack: this one has {members} members and {layers} layers.");
        }

        return IsSound(state) ? state : throw new OrnsteinException($"'{path}' is damaged: it holds a negative count or a file name that leaves its folder.");
    }

    /// <summary>Whether a state that was read has counts of 0 or more, gradients of its own members, and names files beside it.</summary>
    internal static bool IsSound(CheckpointState state) => state is { Step: >= 0, EpochSteps: >= 0, StepsPerEpoch: >= 0, MetricsBytes: >= 0 }
        && state.Gradients?.IsOf(state.DivergedAt.Length) != false
        && IsFileName(state.Weights) && IsFileName(state.Moments) && (state.Average is null || IsFileName(state.Average));

    /// <summary>Restores weights, moments and state; leaves all as they were if anything does not fit.</summary>
    /// <returns>The checkpoint's state.</returns>
    /// <exception cref="OrnsteinException">A file is missing, cut short, damaged, or of another architecture.</exception>
    public static CheckpointState Restore(string folder, Adam adam, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(adam);
        ArgumentNullException.ThrowIfNull(state);
        var document = ReadState(folder, state.EpochSums.Length - 1, state.DivergedAt.Length);
        var parameters = adam.Parameters;
        if (adam.Average is not null && document.Average is null) throw new OrnsteinException($"the checkpoint in '{folder}' holds no average of the weights, which this training keeps.");
        using (var weights = Open(folder, document.Weights, parameters, string.Empty))
        using (var moments = Open(folder, document.Moments, parameters, "first.", "second."))
        using (var average = adam.Average is null ? null : Open(folder, document.Average!, parameters, string.Empty))
        {
            Read(weights, parameters, string.Empty, parameters.Values);
            Read(moments, parameters, "first.", adam.FirstMoment);
            Read(moments, parameters, "second.", adam.SecondMoment);
            if (average is not null) Read(average, parameters, string.Empty, adam.Average!.Values);
        }

        adam.Average?.Restored();
        state.Step = document.Step;
        state.DivergedAt = document.DivergedAt;
        state.EpochSums = document.EpochSums;
        state.EpochSteps = document.EpochSteps;
        state.StepsPerEpoch = document.StepsPerEpoch;
        state.Data = document.Data;
        state.LongGradients = document.LongGradients;
        state.Gradients = document.Gradients;
        return document;
    }

    /// <summary>Restores the weights alone, for evaluation and sampling: their average where one was kept.</summary>
    /// <returns>The checkpoint's state.</returns>
    /// <exception cref="OrnsteinException">A file is missing, cut short, damaged, or of another architecture.</exception>
    public static CheckpointState RestoreWeights(string folder, StackParameters parameters, int layers)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return OfState(folder, layers, parameters.Members, document =>
        {
            using var weights = Open(folder, document.Average ?? document.Weights, parameters, string.Empty);
            Read(weights, parameters, string.Empty, parameters.Values);
            return document;
        });
    }

    /// <summary>Number of features of the data that a checkpoint's models take.</summary>
    /// <exception cref="OrnsteinException">There is no checkpoint, or it is damaged or of another number of layers or members.</exception>
    internal static int? FeaturesOf(string folder, int layers, int members)
    {
        return OfState(folder, layers, members, document =>
        {
            using var content = SafetensorsFile.Read(Path.Combine(folder, document.Weights));
            foreach (var name in _firstWeights)
            {
                if (content.Contains(name) && content.Entry(name).Shape is { Length: 3 } shape) return (int?)shape[1];
            }

            return null;
        });
    }

    // What trains beside a reader removes the files of a state that was read a moment ago, after it has written the next one.
    internal static T OfState<T>(string folder, int layers, int members, Func<CheckpointState, T> read)
    {
        var document = ReadState(folder, layers, members);
        for (var i = 1; ; i++)
        {
            try
            {
                return read(document);
            }
            catch (OrnsteinException) when (i < Tries)
            {
                var next = ReadState(folder, layers, members);
                if (next.Weights == document.Weights) throw;
                document = next;
            }
        }
    }

    private static void Write(string path, StackParameters parameters, params (string Prefix, Tensor Flat)[] buffers)
    {
        var tensors = buffers.SelectMany(buffer => parameters.Layout.Entries.Select(entry => SafetensorsTensor.Create<float>(
            buffer.Prefix + entry.Name, ShapeOf(entry, parameters.Members), () => parameters.Read(buffer.Flat, entry))));
        SafetensorsFile.Write(path, [.. tensors], new Dictionary<string, string> { ["format"] = "ornstein" });
    }

    // All shapes are compared before a single value is read.
    private static SafetensorsContent Open(string folder, string file, StackParameters parameters, params string[] prefixes)
    {
        var path = Path.Combine(folder, file);
        var content = SafetensorsFile.Read(path);
        try
        {
            var expected = prefixes.SelectMany(prefix => parameters.Layout.Entries.Select(
                entry => (Name: prefix + entry.Name, Shape: ShapeOf(entry, parameters.Members)))).ToArray();
            foreach (var (name, shape) in expected)
            {
                if (!content.Contains(name)) throw Other(path, $"it has no '{name}'");
                var entry = content.Entry(name);
                if (entry.Dtype != "F32") throw Other(path, $"'{name}' is {entry.Dtype}, not F32");
                if (entry.Shape.SequenceEqual(shape)) continue;
                throw Other(path, $"'{name}' is [{string.Join(", ", entry.Shape)}], not [{string.Join(", ", shape)}]");
            }

            if (content.Entries.Count != expected.Length) throw Other(path, $"it has {content.Entries.Count} tensors, not {expected.Length}");
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static void Read(SafetensorsContent content, StackParameters parameters, string prefix, Tensor flat)
    {
        foreach (var entry in parameters.Layout.Entries) parameters.Write(flat, entry, values => content.CopyTo(prefix + entry.Name, values));
    }

    private static OrnsteinException Other(string path, string why) =>
        new($"'{path}' is the checkpoint of another architecture: {why}.");

    private static long[] ShapeOf(ParameterEntry entry, int members) => [members, .. entry.Shape.Axes.Select(axis => (long)axis)];

    private static bool IsFileName(string? name) => name is not (null or "" or "." or "..") && Path.GetFileName(name) == name && !name.Contains('\0', StringComparison.Ordinal);

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("make the folder", folder, error);
        }
    }

    // Old weights, moments and averages, and what a killed process had not finished. Those of a later step are another process's, which took the folder over while this
    // one was suspended.
    private static void RemoveOlder(string folder, long step)
    {
        FolderLock.RequireFor(Path.GetFullPath(Path.Combine(folder, StateFile)));
        string[] kinds = ["weights", "moments", "average"];
        var old = kinds.SelectMany(kind => Directory.GetFiles(folder, kind + "-*.safetensors").Where(file => StepOf(file, kind) < step));
        foreach (var file in old.Concat(Directory.GetFiles(folder, UnfinishedFile.Prefix + "*")))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception error) when (FileTrouble.IsTrouble(error))
            {
                // An old file that stays does no harm: state.json names the new ones.
            }
        }
    }

    private static long StepOf(string file, string kind) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file.AsSpan())[(kind.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : long.MaxValue;
}
