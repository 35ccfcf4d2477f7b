using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Ornstein.Cli.Tests.Packaging;
using Ornstein.Data;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>The information that a run reports, measured again by a program in another language that reads the weights and nothing else of ours.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class IndependentInformationTests : IDisposable
{
    private const int Data = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Phase_InformationAndVerdicts_AgreeWithASecondProgram()
    {
        var python = Python();
        InProcess.Run(
            _folder.Path, "phase", "--rho", "0,0.6,1", "--seeds", "0", "--epochs", "10", "--train-limit", "4000", "--test-limit", "1000", "--out", "run").Expect(0);
        var test = DatasetCatalog.Load("digits").Test;
        AssertAgreement(python, test.Bytes!.AsSpan(0, Data * test.Features), members: 3);
    }

    /// <summary>Grey data, whose pixels both programs draw, each its own.</summary>
    [Fact(Explicit = true)]
    public void Phase_OfMnist_AgreesWithASecondProgram()
    {
        var python = Python();
        var data = Environment.GetEnvironmentVariable("ORNSTEIN_TEST_MNIST") is { Length: > 0 } set ? set : DatasetCatalog.FindFolder("mnist");
        Assert.SkipWhen(data is null, "mnist is not here: set ORNSTEIN_TEST_MNIST to its folder, or run 'ornstein data get mnist'.");
        InProcess.Run(
            _folder.Path, "phase", "--data", data!, "--rho", "0,0.6,1", "--seeds", "0", "--epochs", "10", "--train-limit", "4000", "--test-limit", "1000",
            "--out", "run").Expect(0);
        var test = DatasetCatalog.Load(data!).Test;
        AssertAgreement(python, test.Bytes!.AsSpan(0, Data * test.Features), members: 3, "--binarize");
    }

    private static string Python()
    {
        var python = Array.Find(["/usr/bin/python3", "python3"], HasNumpy);
        Assert.SkipWhen(python is null, "python3 with numpy is not here (package python3-numpy)");
        return python!;
    }

    // Of the run in "run", measured again on the first data of its test part.
    private void AssertAgreement(string python, ReadOnlySpan<byte> images, int members, params string[] more)
    {
        var header = new byte[16];
        int[] numbers = [0x803, Data, 28, 28];
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * i), numbers[i]);
        File.WriteAllBytes(_folder.File("images"), [.. header, .. images]);
        var script = Path.Combine(DotNet.Repository, "bench", "peers", "numpy", "information.py");
        string[] arguments = [script, _folder.File("run"), _folder.File("images"), "--data", $"{Data}", "--passes", "32", "--samples", "4", .. more];
        var second = JsonNode.Parse(Output(python, arguments))!;
        var first = JsonNode.Parse(File.ReadAllText(_folder.File("run/phase.json")))!["members"]!.AsArray();
        Assert.Equal(members, first.Count);
        for (var member = 0; member < members; member++)
        {
            for (var layer = 0; layer < 3; layer++)
            {
                // Of what it surely holds no verdict may be silent.
                var seen = second[member]!["layers"]![layer]!["information"]!;
                if ((double)seen["value"]! - (3 * (double)seen["standardError"]!) > 0.1)
                    Assert.True((string?)first[member]!["verdicts"]![layer] is "alive in means" or "alive in widths" or "both", $"z{layer + 1}, model {member}");
            }

            // z1 holds more than the logarithm of the data can show, in both programs.
            for (var layer = 1; layer < 3; layer++)
            {
                foreach (var (ours, theirs) in new[] { ("information", "information"), ("meanInformation", "mean"), ("widthInformation", "width") })
                {
                    var (a, b) = (first[member]![ours]![layer]!, second[member]!["layers"]![layer]![theirs]!);
                    double Of(JsonNode node, string key) => (double)node[key]!;
                    // Over four errors a third of the 18 numbers in a million runs; 0.003 nats for what the extrapolations in 1/S leave.
                    var error = Math.Sqrt(Math.Pow(Of(a, "standardError"), 2) + Math.Pow(Of(b, "standardError"), 2));
                    Assert.True(
                        Math.Abs(Of(a, "value") - Of(b, "value")) <= (4 * error) + 0.003,
                        $"{ours} of z{layer + 1}, model {member}: {a.ToJsonString()} and {b.ToJsonString()}");
                }

                AssertVerdict((string)first[member]!["verdicts"]![layer]!, second[member]!["layers"]![layer]!);
            }
        }
    }

    // Where the second program sees a part clearly, above or below what counts, the verdict says the same.
    private static void AssertVerdict(string verdict, JsonNode second)
    {
        bool? Alive(string part)
        {
            var (value, error) = ((double)second[part]!["value"]!, (double)second[part]!["standardError"]!);
            return value - (3 * error) > 0.005 ? true : value + (3 * error) < 0.005 ? false : null;
        }

        if (Alive("mean") is { } means) Assert.Equal(means, verdict is "alive in means" or "both");
        if (Alive("width") is { } widths) Assert.Equal(widths, verdict is "alive in widths" or "both");
    }

    private static bool HasNumpy(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import numpy"]) { RedirectStandardError = true, UseShellExecute = false });
            process!.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
