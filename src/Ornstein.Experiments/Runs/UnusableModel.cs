using Ornstein.Batching;
using Ornstein.Evaluation;
using static TorchSharp.torch;

namespace Ornstein.Experiments.Runs;

/// <summary>Why a stored model is no trained model, so that nothing is said of it and nothing drawn.</summary>
/// <param name="DivergedAt">The step at which it diverged; null where it did not.</param>
/// <param name="Numbers">Which of its numbers are not finite otherwise.</param>
internal sealed record UnusableModel(long? DivergedAt, string Numbers)
{
    // A model whose objective is not finite is told by any few data.
    private const int Data = 100;

    /// <summary>By model of a stack; null for those that are as they should be.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stop">Ends it.</param>
    public static UnusableModel?[] Of(StoredRun run, CancellationToken stop)
    {
        using var few = Few(run.Data.Test);
        var means = Evaluator.Objectives(run.Vae, few, new EvaluationOptions(), stop);
        UnusableModel? Of(int member)
        {
            if (run.State.DivergedAt[member] is { } step) return new(step, "");
            if (!run.Vae.Parameters.IsFinite(member)) return new(null, "weights");
            // Weights may be finite and so large that nothing computed from them is.
            return double.IsFinite(means.SmoothedObjective(member)) && double.IsFinite(means.Elbo(member)) ? null : new(null, "objectives");
        }

        return [.. Enumerable.Range(0, run.Vae.Members.Count).Select(Of)];
    }

    /// <summary>As a sentence.</summary>
    /// <param name="it">The model, such as <c>it</c>.</param>
    /// <param name="its">What is the model's, such as <c>its</c>.</param>
    public string Why(string it, string its) => DivergedAt is { } step ? $"{it} diverged at step {step}" : $"{its} {Numbers} are not finite";

    /// <summary>The failure of a command that has nothing left to say.</summary>
    public static OrnsteinException NoneLeft() => new("no model of this run is left: every one diverged, or its numbers are not finite.");

    private static DataRows Few(DataRows rows)
    {
        using var scope = NewDisposeScope();
        return DataRows.FromReals(rows.Slice(0, Math.Min(Data, rows.Count)).contiguous().data<float>().ToArray(), rows.Features);
    }
}
