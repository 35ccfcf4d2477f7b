using Ornstein.Evaluation;
using Ornstein.Harmonics;
using Ornstein.Stacks;
using TorchSharp;

namespace Ornstein.Tests.Training;

/// <summary>Runs alone: tensors are counted over the whole process.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public class NativeMemoryTests
{
    [Fact]
    public void Run_ThousandsOfSteps_KeepsNativeMemoryFlat()
    {
        using var stack = new TinyStack(Member.Grid([0, 0.6, 1], [0, 1]));
        var options = TinyStack.Training with { Epochs = 50 };
        stack.Train(options); // 200 steps: caches and pools are filled
        var (tensors, bytes) = (Tensors(), Environment.WorkingSet);
        stack.Train(options with { Epochs = 800 });
        Assert.Equal(3200, stack.State.Step);
        Assert.Equal(tensors, Tensors());
        Assert.InRange(Environment.WorkingSet - bytes, long.MinValue, 40 << 20); // a leak of one activation a step would be over 100 MB
    }

    [Fact]
    public void Of_HarmonicsAndResults_KeepNoTensors()
    {
        using var stack = new TinyStack(Member.Grid([0, 0.6], [0]));
        Measure(stack);
        var tensors = Tensors();
        Measure(stack);
        Assert.Equal(tensors, Tensors());
    }

    private static void Measure(TinyStack stack)
    {
        LayerHarmonics.Of(stack.Vae, stack.Validation, new HarmonicsOptions());
        Evaluator.Members(stack.Vae, stack.Validation, new EvaluationOptions());
    }

    private static long Tensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
