using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Measures;

/// <summary>What a measure is given: trained models, held-out data, how many draws, and where they come from.</summary>
public sealed record MeasuredModels
{
    /// <summary>The models, with their weights; they stay as they are.</summary>
    public required HierarchicalVae Stack { get; init; }

    /// <summary>Held-out data.</summary>
    public required DataRows Data { get; init; }

    /// <summary>Passes per datum and data in a pass.</summary>
    public required EvaluationOptions Options { get; init; }

    /// <summary>Where draws come from: a key of this measure's own, so that no other measure changes them.</summary>
    public required RandomKey Key { get; init; }

    /// <summary>Ends the measurement; <see cref="Means"/> asks it before every pass.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Means over all data of numbers that every datum has in a pass, each with its standard error over the data; those of a datum are first averaged
    /// over <see cref="EvaluationOptions.Draws"/> passes. All members see the same noise.
    /// </summary>
    /// <param name="pass">
    /// Given a batch [1, rows, features] and the noise of a pass: tensors of [members, rows] (either may be 1), such as one for every layer.
    /// </param>
    /// <returns>[members][tensors].</returns>
    /// <exception cref="OrnsteinException">A tensor has another shape.</exception>
    public Estimate[][] Means(Func<Tensor, StackNoise, IReadOnlyList<Tensor>> pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var members = Stack.Members.Count;
        using var guard = no_grad();
        using var outer = NewDisposeScope();
        DataMeans? means = null;
        try
        {
            var numbers = 0;
            var atOnce = RowsAtOnce.Of(Stack, Options.BatchSize);
            for (var start = 0; start < Data.Count; start += atOnce)
            {
                using var batch = NewDisposeScope();
                var count = Math.Min(atOnce, Data.Count - start);
                var x = Data.Slice(start, count).unsqueeze(0);
                Tensor? sum = null;
                for (var draw = 0; draw < Options.Draws; draw++)
                {
                    Cancellation.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var values = pass(x, StackNoise.Shared(Key.At(start).At(draw)));
                    var terms = stack(values.Select(value => Expanded(value, members, count)), 0);
                    if (sum is null) sum = terms.MoveToOuterDisposeScope();
                    else sum.Add(terms);
                }

                numbers = (int)sum!.shape[0];
                means ??= new DataMeans(numbers, members);
                means.Add(sum.Over(Options.Draws));
            }

            return [.. Enumerable.Range(0, members).Select(member => Enumerable.Range(0, numbers).Select(number => means!.Of(number, member)).ToArray())];
        }
        finally
        {
            means?.Dispose();
        }
    }

    private static Tensor Expanded(Tensor value, int members, int rows)
    {
        if (value.shape is not [var first, var second] || (first != members && first != 1) || (second != rows && second != 1))
            throw new OrnsteinException($"it gave a tensor of [{string.Join(", ", value.shape)}] for a batch; right is [members, rows], here [{members}, {rows}].");
        return value.to(ScalarType.Float64).expand(members, rows);
    }
}
