using Microsoft.ML.OnnxRuntime;
using Ornstein.Cli.Tests.Packaging;
using Ornstein.Experiments;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>The ONNX files that <c>interop/ornstein_torch.py</c> writes, run by ONNX Runtime: the numbers of the models here.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class OnnxTests : IDisposable
{
    // Both sides are of float32, whose steps are 6e-8: sums in another order came to 8e-7.
    private const double Tolerance = 1e-5;

    private static readonly string _script = Path.Combine(DotNet.Repository, "interop", "ornstein_torch.py");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Explicit = true)]
    [InlineData("--latents 12,6,3 --hidden 24,16,8 --activation leaky-relu", "encoder-z1: x; encoder-z2: z1; encoder-z3: z2; prior-z1: z2; prior-z2: z3; decoder: z1")]
    [InlineData("--latents 12,6,3 --hidden 24,16,8 --batch-norm", "encoder-z1: x; encoder-z2: z1; encoder-z3: z2; prior-z1: z2; prior-z2: z3; decoder: z1")]
    [InlineData("--latents 12,6,3 --hidden 24,16,8 --skip both --activation silu", "encoder-z1: x; encoder-z2: z1 x; encoder-z3: z2 x; prior-z1: z2 z3; prior-z2: z3; decoder: z1 z2 z3")]
    [InlineData("--latents 12,6,3 --hidden 24,16,8 --ladder --activation gelu", "bottom-up: x; prior-z1: z2; prior-z2: z3; decoder: z1")]
    [InlineData("--latents 4,2 --hidden none --data gaussian --decoder-sigma learned", "encoder-z1: x; encoder-z2: z1; prior-z1: z2; decoder: z1")]
    public void Files_InOnnxRuntime_GiveTheNumbersOfTheModel(string options, string files)
    {
        var python = TorchPython.FindForOnnx();
        Train(["--rho", "0.5,1", "--seeds", "0,1", .. options.Split(' ')]);
        Export(python, "run", "--onnx", "onnx", "--rho", "0.5", "--seed", "1").Expect(0);
        const int Member = 1; // rho 0.5, seed 1
        using var models = Run.Open(_folder.File("run")).LoadModels();
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var named = new List<string>();
        foreach (var batch in new[] { 1, 7 }) // the export traces two rows
        {
            var x = models.Test.Slice(0, batch).unsqueeze(0);
            var pass = models.Stack.Infer(x, StackNoise.Shared(RandomKey.FromSeed(3)));
            var given = pass.Samples.Select((sample, i) => (Name: $"z{i + 1}", Value: sample[Member])).Append(("x", x[0])).ToDictionary();
            named = [.. Expected(models.Stack, x, pass).Select(file => Compare(file.Name, file.Outputs, given))];
        }

        Assert.Equal(files, string.Join("; ", named));
        Assert.Equal(named.Count, Directory.GetFiles(_folder.File("onnx")).Length);

        string Compare(string name, Dictionary<string, Tensor> expected, Dictionary<string, Tensor> given)
        {
            using var session = new InferenceSession(_folder.File($"onnx/{name}.onnx"));
            Dictionary<string, OrtValue> inputs = session.InputNames.ToDictionary(input => input, input => OrtValue.CreateTensorValueFromMemory(Numbers(given[input]), given[input].shape));
            using var options = new RunOptions();
            using var outputs = session.Run(options, inputs, session.OutputNames);
            Assert.Equal(expected.Keys, session.OutputNames);
            foreach (var (output, value) in session.OutputNames.Zip(outputs))
            {
                var ours = expected[output][Member];
                Assert.Equal(ours.shape, value.GetTensorTypeAndShape().Shape);
                AssertNear($"{name} {output}", Numbers(ours), value.GetTensorDataAsSpan<float>().ToArray());
            }

            foreach (var input in inputs.Values) input.Dispose();
            return $"{name}: {string.Join(' ', session.InputNames)}";
        }
    }

    [Fact(Explicit = true)]
    public void Export_ThatCannotBe_SaysWhyInOneLine()
    {
        var python = TorchPython.FindForOnnx();
        Train(["--seeds", "0", "--latents", "4,2", "--hidden", "8,4"]);
        Export(python, "run", "--onnx", "onnx").Expect(0);
        AssertRefused("ornstein_torch.py: 'onnx' has ONNX files already; give another folder", Export(python, "run", "--onnx", "onnx"));
        AssertRefused("ornstein_torch.py: no model with rho None, seed 5, remedy None; there are [(1, 'none', 0)], ", Export(python, "run", "--onnx", "other", "--seed", "5"));
        AssertRefused($"ornstein_torch.py: '{Path.Combine("nowhere", "config.json")}': No such file or directory", Export(python, "nowhere", "--onnx", "other"));
        AssertRefused("ornstein_torch.py: argument --rho: ", Export(python, "run", "--onnx", "other", "--rho", "low"));
        var older = ChildProgram.RunOther(
            _folder.Path, python, "-c", "import runpy, sys, torch; torch.__version__ = '1.8.1'; sys.path[0] = sys.argv.pop(1); del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')",
            Path.GetDirectoryName(_script)!, _script, "run", "--onnx", "other");
        AssertRefused("ornstein_torch.py: ONNX files need PyTorch 1.13 or later, and this is 1.8.1", older);
        Assert.False(Directory.Exists(_folder.File("other")));
    }

    // What each file should give of the samples of a pass, as the networks are without smoothing: q is not smoothed in these runs.
    private static IEnumerable<(string Name, Dictionary<string, Tensor> Outputs)> Expected(HierarchicalVae stack, Tensor x, InferencePass pass)
    {
        Dictionary<string, Tensor> Of(DiagonalGaussian gaussian, string layer = "") => new()
        {
            [$"mean{layer}"] = gaussian.Mean, [$"deviation{layer}"] = gaussian.StandardDeviation.expand_as(gaussian.Mean),
        };

        if (stack.Options.Inference == InferenceKind.Ladder)
            yield return ("bottom-up", stack.FromData(x).SelectMany((gaussian, i) => Of(gaussian, $"-z{i + 1}")).ToDictionary());
        else
            foreach (var (i, gaussian) in pass.Layers.Index()) yield return ($"encoder-z{i + 1}", Of(gaussian));
        for (var link = 0; link < pass.Layers.Count - 1; link++) yield return ($"prior-z{link + 1}", Of(stack.Generative(link, pass.Samples)));
        yield return ("decoder", new() { ["mean"] = stack.Decode(pass.Samples) });
    }

    private static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    // Deviations to a part of each, means to a part of the greatest: a mean near zero is a difference of greater numbers.
    private static void AssertNear(string what, float[] ours, float[] theirs)
    {
        var greatest = ours.Max(Math.Abs);
        foreach (var (a, b) in ours.Zip(theirs))
        {
            var size = what.Contains("deviation", StringComparison.Ordinal) ? a : greatest;
            Assert.True(Math.Abs(a - b) <= Tolerance * size, $"{what}: {a} here and {b} in ONNX Runtime");
        }
    }

    private static void AssertRefused(string line, Outcome outcome)
    {
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith(line, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    private void Train(string[] options) => InProcess.Run(
        _folder.Path, ["train", "--epochs", "2", "--train-limit", "1000", "--test-limit", "50", "--evaluation-draws", "2", "--out", "run", .. options]).Expect(0);

    private Outcome Export(string python, params string[] arguments) => ChildProgram.RunOther(_folder.Path, python, [_script, .. arguments]);
}
