using Ornstein.Optimization;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Optimization;

/// <summary>On every device that there is.</summary>
public class TensorAdamTests
{
    private const double Rate = 0.01;
    private const int Steps = 6, Members = 4;

    public static TheoryData<string, double?> Cases => new(
        Devices.All.SelectMany(device => new double?[] { null, 0.5 }.Select(clip => (device, clip))).ToArray());

    // Members: plain; not active from step 3 on; a gradient that is not finite at step 2; parameters that count steps of their own, one of which stays at
    // odd steps. A clipped gradient is scaled by a factor that may differ in its last bits, 6e-8 of it, and so may each of a few operations; an update is at most
    // a few rates, and of six of them remain the last bits, of the values' too.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_InTensors_TakesTheStepsOfTheProcessorsMemory(string device, double? clip)
    {
        var options = new AdamOptions { ClipNorm = clip };
        using var memory = Parameters();
        using var tensors = new StackParameters(memory, Devices.Of(device));
        using var inMemory = new Adam(memory, options);
        using var inTensors = new Adam(tensors, options, isByTensors: true);
        for (var step = 1; step <= Steps; step++)
        {
            var number = step;
            bool[] active = [true, number < 3, true, true];
            long NumberOf(int member, ParameterEntry entry) => member == 3 ? (entry.Name == "b" && number % 2 == 1 ? 0 : 3 * number) : number;
            using (no_grad())
            {
                using var scope = NewDisposeScope();
                memory.Gradients.copy_(RandomKey.FromSeed(5).At(number).Normal(memory.Gradients.numel()));
                if (number == 2) memory.Block(memory.Gradients, memory.Layout.Entries[1])[2].Fill(double.PositiveInfinity);
                tensors.Gradients.copy_(memory.Gradients);
            }

            inMemory.Step(Rate, active, NumberOf);
            inTensors.Step(Rate, active, NumberOf);
            for (var member = 0; member < Members; member++)
                Assert.Equal(inMemory.GradientNorms[member], inTensors.GradientNorms[member], 1e-6 * Math.Max(1, inMemory.GradientNorms[member]));
            Assert.Equal(number == 2, double.IsInfinity(inTensors.GradientNorms[2]));
            Assert.All(Numbers(tensors.Gradients), value => Assert.Equal(0, value));
            AssertClose(memory.Values, tensors.Values, 1e-6);
            AssertClose(inMemory.FirstMoment, inTensors.FirstMoment, 1e-6);
            AssertClose(inMemory.SecondMoment, inTensors.SecondMoment, 1e-6);
        }
    }

    [Fact]
    public void Step_AMemberTakesNoPart_KeepsItsNumbersBitForBit()
    {
        foreach (var device in Devices.All)
        {
            using var memory = Parameters();
            using var tensors = new StackParameters(memory, Devices.Of(device));
            using var adam = new Adam(tensors, new AdamOptions(), isByTensors: true);
            using var scope = NewDisposeScope();
            using (no_grad()) tensors.Gradients.Fill(float.NaN);
            adam.Step(1, Rate, [true, true, false, true]);
            Assert.Equal(Numbers(memory.Values), Numbers(tensors.Values));
            Assert.All(Numbers(adam.FirstMoment), value => Assert.Equal(0, value));
        }
    }

    private static StackParameters Parameters()
    {
        var layout = new ParameterLayout();
        layout.Add("a", new Shape([7, 5]), InitialValues.Uniform(0.5));
        layout.Add("b", 3, InitialValues.Uniform(0.5));
        layout.Add("c", new Shape([2, 3, 2]), 1);
        return new StackParameters(layout, [.. Enumerable.Range(0, Members).Select(seed => new Member(1, seed))]);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        foreach (var (first, second) in Numbers(expected).Zip(Numbers(actual)))
            Assert.True(Math.Abs(first - second) <= tolerance * Math.Max(1, Math.Abs(first)), $"{first} and {second}");
    }

    private static float[] Numbers(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.cpu().data<float>().ToArray();
    }
}
