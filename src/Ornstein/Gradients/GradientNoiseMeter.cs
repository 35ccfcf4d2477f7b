using Ornstein.Batching;
using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Stacks;
using Ornstein.Steps;
using static TorchSharp.torch;

namespace Ornstein.Gradients;

/// <summary>Measures the noise of a stack's gradients between its training steps.</summary>
/// <param name="vae">The stack.</param>
/// <param name="batches">Its data.</param>
/// <param name="step">Its training steps.</param>
/// <param name="options">How often, and on how much.</param>
internal sealed class GradientNoiseMeter(HierarchicalVae vae, StackBatches batches, ITrainingStep step, GradientNoiseOptions options)
{
    private readonly GradientSums _sums = new(vae.Parameters.Layout, vae.Members.Count);
    private readonly int _times = Math.Min(options.TimesPerEpoch, batches.StepsPerEpoch);
    private readonly int _batches = Math.Min(options.Batches, batches.StepsPerEpoch);

    /// <summary>Throws where a pass is a single step: batches that are the same data do not tell how data differ.</summary>
    /// <exception cref="OrnsteinException">Says what would be right.</exception>
    public static void Require(int stepsPerEpoch)
    {
        if (stepsPerEpoch < 2) throw new OrnsteinException("how gradients differ between batches takes 2 batches at least, and a batch holds all training data; give a smaller batch.");
    }

    /// <summary>Whether a step is one that is measured before.</summary>
    /// <param name="number">Its number, from 1.</param>
    public bool IsDueBefore(long number)
    {
        var place = (number - 1) % batches.StepsPerEpoch;
        return place == 0 || place * _times / batches.StepsPerEpoch != (place - 1) * _times / batches.StepsPerEpoch;
    }

    /// <summary>Measures before a step; weights, moments and the noise of steps stay as they are.</summary>
    /// <param name="number">Number of the step, from 1.</param>
    /// <param name="totals">Receives what it comes to.</param>
    public void Measure(long number, GradientTotals totals)
    {
        using var guard = NewDisposeScope();
        _sums.Clear();
        for (var batch = 0; batch < _batches; batch++)
        {
            for (var draw = 1; draw <= options.Draws; draw++)
            {
                step.Differentiate(number, batches.OtherStep(number, batch), draw);
                _sums.AddDraw(Gradients());
            }

            _sums.EndBatch();
        }

        _sums.AddTo(totals);
        using var none = no_grad();
        vae.Parameters.Gradients.zero_();
    }

    private unsafe ReadOnlySpan<float> Gradients()
    {
        var gradients = vae.Parameters.IsOnProcessor ? vae.Parameters.Gradients : vae.Parameters.Gradients.cpu();
        return new((float*)TensorMemory.Address(gradients), (int)gradients.numel());
    }
}
