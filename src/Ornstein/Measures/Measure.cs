using System.Collections.Concurrent;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using static TorchSharp.torch;

namespace Ornstein.Measures;

/// <summary>Measures by their keys; one of your own is known, in this process, after <see cref="Register"/>.</summary>
public static class Measure
{
    private const int LongestHeading = 30, LongestLegend = 300;

    private static readonly ConcurrentDictionary<string, IMeasure> _known = new(StringComparer.Ordinal);

    /// <summary>Names that columns of files have already.</summary>
    private static readonly string[] _reserved =
    [
        "active", "alive", "bits", "bound", "elbo", "information", "k", "kl", "label", "linear", "memory", "neighbours", "objective", "reconstruction", "remedy", "rho",
        "run", "seconds", "seeds", "skipped", "spread", "verdict",
    ];

    /// <summary>Keys of all that are known, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. _known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes a measure known: all runs and evaluations of this process measure it. The same one may be registered again.</summary>
    /// <exception cref="OrnsteinException">Another one has its key, or its key, heading or legend will not do.</exception>
    public static void Register(IMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        Validate(measure);
        if (!_known.GetOrAdd(measure.Key, measure).Equals(measure))
            throw new OrnsteinException($"there is a measure '{measure.Key}' already; give another key, or call Measure.Remove(\"{measure.Key}\") first.");
    }

    /// <summary>Makes a measure unknown again, as a notebook does before it registers a new version of it.</summary>
    /// <returns>Whether it was known.</returns>
    public static bool Remove(string key) => _known.TryRemove(key, out _);

    /// <summary>The measure of a key.</summary>
    /// <exception cref="OrnsteinException">None is known by it.</exception>
    public static IMeasure Named(string key) => _known.TryGetValue(key, out var measure) ? measure : throw new OrnsteinException(
        $"there is no measure '{key}'; there {(_known.IsEmpty ? "is none" : $"are {string.Join(", ", Names)}")}. One of your own is known after Measure.Register(new ...).");

    /// <summary>The members with what every known measure says of them; those that diverged have nothing.</summary>
    /// <param name="stack">The models.</param>
    /// <param name="results">What <see cref="Evaluator.Members"/> measured of them.</param>
    /// <param name="rows">The same held-out data.</param>
    /// <param name="options">Passes per datum, data in a pass, and the seed of the noise.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="OrnsteinException">A measure failed, or gave a wrong number of values; it is named.</exception>
    public static MemberResult[] AddTo(
        HierarchicalVae stack, IReadOnlyList<MemberResult> results, DataRows rows, EvaluationOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        IMeasure[] known = [.. _known.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
        if (known.Length == 0 || !results.Any(result => result.IsOk)) return [.. results];
        MeasuredQuantity[][] measured = [.. known.Select(measure => OfMembers(measure, stack, rows, options, stop))];
        return
        [
            .. results.Select((result, member) => !result.IsOk ? result : result with
            {
                Measures = known.Index().ToDictionary(measure => measure.Item.Key, measure => measured[measure.Index][member], StringComparer.Ordinal),
            }),
        ];
    }

    private static MeasuredQuantity[] OfMembers(IMeasure measure, HierarchicalVae stack, DataRows rows, EvaluationOptions options, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            var quantity = new MeasuredQuantity
            {
                Heading = measure.Heading,
                Legend = measure.Legend,
                Unit = measure.Unit,
                IsPerLayer = measure.IsPerLayer,
                IsBestLow = measure.IsBestLow,
            };
            if (measure.Misfit(stack) is { } reason) return [.. stack.Members.Select(_ => quantity with { Reason = reason })];
            using var guard = no_grad();
            using var scope = NewDisposeScope();
            var values = measure.Of(new MeasuredModels
            {
                Stack = stack,
                Data = rows,
                Options = options,
                Key = RandomKey.FromSeed(options.Seed).At("measure").At(measure.Key),
                Cancellation = stop,
            });
            RequireNumber(values, stack, measure);
            return [.. values.Select(member => quantity with { Values = [.. member] })];
        }
        catch (Exception error) when (!(error is OperationCanceledException && stop.IsCancellationRequested) && error is not OutOfMemoryException)
        {
            // TorchSharp's messages go on with a native stack trace.
            var message = error.Message.Split('\n')[0].Trim();
            throw new OrnsteinException($"measure '{measure.Key}' failed: {message}{(message.EndsWith('.') ? "" : ".")}", error);
        }
    }

    private static void RequireNumber(IReadOnlyList<IReadOnlyList<Estimate>>? values, HierarchicalVae stack, IMeasure measure)
    {
        var (members, each) = (stack.Members.Count, measure.IsPerLayer ? stack.Options.Layers : 1);
        if (values is null) throw new OrnsteinException("it gave null in the place of values.");
        if (values.Count != members) throw new OrnsteinException($"it gave values of {values.Count} members, and there are {members}.");
        foreach (var (member, own) in values.Index())
        {
            if (own?.Count == each) continue;
            throw new OrnsteinException($"it gave {own?.Count ?? 0} values for member {member + 1}; right is {(measure.IsPerLayer ? $"one per layer, {each}" : "one")}.");
        }
    }

    private static void Validate(IMeasure measure)
    {
        var key = measure.Key;
        if (string.IsNullOrEmpty(key) || !char.IsAsciiLetterLower(key[0]) || !key.All(char.IsAsciiLetterOrDigit))
            throw new OrnsteinException($"a measure has the key '{key}'; a key is letters and digits in camel case, such as 'codeNorm'.");
        if (_reserved.Contains(key, StringComparer.Ordinal)) throw new OrnsteinException($"the key '{key}' is taken by a quantity of Ornstein's own; give another.");
        Require(key, "heading", measure.Heading, LongestHeading);
        Require(key, "legend", measure.Legend, LongestLegend);
        if (measure.Unit is null) throw new OrnsteinException($"measure '{key}' has null for its unit; a quantity without one has an empty text.");
    }

    private static void Require(string key, string what, string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > longest || text.Any(char.IsControl))
            throw new OrnsteinException($"measure '{key}' has the {what} '{text}'; right is one line of 1 to {longest} letters.");
    }
}
