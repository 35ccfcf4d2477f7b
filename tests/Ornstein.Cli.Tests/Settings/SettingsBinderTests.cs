using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using CsCheck;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Tests.Settings;

public class SettingsBinderTests
{
    [Fact]
    public void Bind_NoOptions_GivesTheDefaultsOfTheCommand()
    {
        RunSettings settings = Shell.Settings();
        Assert.Equal("0,0.3,0.5,0.6,0.7,0.8,0.9,1", SettingText.Format(settings.Rho));
        Assert.Equal("", SettingsArguments.ToCommandLine(settings, RunSettings.ForPhase));
    }

    [Fact]
    public void Bind_EveryKindOfOption_GivesItsValue()
    {
        RunSettings settings = Shell.Settings(
            "--data", "mnist", "--latents", "16,8,4,2", "--hidden=none", "--activation", "leaky-relu", "--rho", "0.5:0.8:1, 0.3",
            "--smooth", "pq",
            "--seeds", "-3,7", "--learning-rate", "5e-4", "--clip-norm", "2", "--train-limit", "100");
        Assert.Equal([16, 8, 4, 2], settings.Latents);
        Assert.Empty(settings.Hidden);
        Assert.Equal([RhoEntry.Of(0.5, 0.8, 1), 0.3], settings.Rho);
        Assert.Equal(SmoothChoice.Pq, settings.Smooth);
        Assert.Equal([-3L, 7L], settings.Seeds);
        Assert.Equal((5e-4, 2.0, 100), (settings.LearningRate, settings.ClipNorm, settings.TrainLimit));
    }

    [Fact]
    public void Bind_Remedies_GivesThemAndTheArchitecture()
    {
        RunSettings settings = Shell.Settings(
            "--remedy", "none, warm-up:2+beta:0.5", "--ladder", "--batch-norm", "--skip", "generative", "--decoder-sigma", "learned", "--likelihood", "gaussian");
        Assert.Equal("none,warm-up:2+beta:0.5", SettingText.Format(settings.Remedy));
        Assert.Equal((true, true), (settings.Ladder, settings.BatchNorm));
        Assert.Equal((SkipConnections.Generative, GaussianVariance.Learned), (settings.Skip, settings.DecoderSigma));
    }

    [Fact]
    public void Flags_Given_AreNoSettings()
    {
        Shell.Outcome outcome = Shell.Run("phase", "--resume", "--json");
        Assert.Equal(new RunFlags { Resume = true, Json = true }, outcome.Flags);
    }

    [Fact]
    public void Bind_Layers_CommandLineWinsOverFileWinsOverDefaults()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("config.json", """{ "epochs": 3, "batch": 64, "clipNorm": 1.5, "provenance": { "any": ["thing"] } }""");
        RunSettings settings = Shell.Settings("--config", file, "--batch", "32", "--clip-norm", "none");
        Assert.Equal((3, 32, null, 8), (settings.Epochs, settings.Batch, settings.ClipNorm, settings.Draws));
    }

    /// <summary>Linear networks on made data have other defaults, for which the file is laid over settings twice.</summary>
    [Fact]
    public async Task Bind_ConfigThatCanBeReadOnce_IsReadOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes of this kind");
        using var folder = new TemporaryFolder();
        string pipe = folder.File("pipe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe])) make.WaitForExit();
        CancellationToken stop = TestContext.Current.CancellationToken;
        Task writing = Task.Run(() => File.WriteAllText(pipe, """{ "data": "gaussian", "hidden": [], "latents": [4, 4], "batch": 64 }"""), stop);
        // A second reading would wait for a writer that never comes.
        RunSettings settings = await Task.Run(() => Shell.Settings("--config", pipe), stop).WaitAsync(TimeSpan.FromSeconds(20), stop);
        await writing;
        Assert.Equal((64, 1000), (settings.Batch, settings.Epochs));
    }

    [Fact]
    public void Bind_NegativeZero_IsZero()
    {
        RunSettings settings = Shell.Settings("--rho=-0,-0.0:1", "--checkpoint-seconds=-0");
        Assert.Equal("0,0:1", SettingText.Format(settings.Rho));
        Assert.Equal("0", SettingText.Format(settings.CheckpointSeconds));
    }

    [Fact]
    public void ToCommandLine_CultureWithDecimalComma_HasPoints()
    {
        using var culture = new DecimalComma();
        RunSettings settings = RunSettings.ForPhase with { Rho = [0.5, RhoEntry.Of(0.25, 0.75)], LearningRate = 0.002 };
        Assert.Equal("--rho 0.5,0.25:0.75 --learning-rate 0.002", SettingsArguments.ToCommandLine(settings, RunSettings.ForPhase));
    }

    [Fact]
    public void Bind_DoesNotTouchTheDefaults()
    {
        string before = SettingsJson.Write(RunSettings.ForPhase, null);
        Shell.Settings("--epochs", "3", "--rho", "0.1");
        Assert.Equal(before, SettingsJson.Write(RunSettings.ForPhase, null));
    }

    [Fact]
    public void ToArguments_AnySettings_ReadBackToTheSame() =>
        RandomSettings.Sample(
            settings =>
            {
                RunSettings back = Shell.Settings([.. SettingsArguments.ToArguments(settings, RunSettings.ForPhase)]);
                Assert.Equal(SettingsJson.Write(settings, null), SettingsJson.Write(back, null));
            },
            iter: 100);

    [Fact]
    public void ToArguments_OfLinearNetworksOnMadeData_ReadBackToTheSame()
    {
        // They have defaults of their own, so what equals the command's defaults must be said.
        foreach (var given in new[] { "", "--batch 128 --learning-rate 0.001 --schedule constant --epochs 20", "--rho 0,0.3,0.5,0.6,0.7,0.8,0.9,1" })
        {
            RunSettings settings = Shell.Settings([.. $"--data gaussian --latents 4,4 --hidden none {given}".Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            RunSettings back = Shell.Settings([.. SettingsArguments.ToArguments(settings, RunSettings.ForPhase)]);
            Assert.Equal(SettingsJson.Write(settings, null), SettingsJson.Write(back, null));
        }

        Assert.Equal(1000, Shell.Settings("--data", "gaussian", "--latents", "4,4", "--hidden", "none").Epochs);
        Assert.Equal(20, Shell.Settings("--data", "gaussian", "--latents", "4,4", "--hidden", "8,8").Epochs);
    }

    [Theory]
    [InlineData("plain-1.5,2:x/y.z", "plain-1.5,2:x/y.z")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    [InlineData("$(rm)", "'$(rm)'")]
    public void Quote_Argument_IsSafeInAShell(string argument, string quoted) => Assert.Equal(quoted, ShellQuoting.Quote(argument));

    [Theory]
    [InlineData("--rho 1.2", "--rho 1.2 is out of range; it must be between 0 and 1")]
    [InlineData("--rho NaN", "--rho should be a finite number, but is 'NaN'")]
    [InlineData("--rho 0.5:Infinity", "--rho should be a finite number, but is '0.5:Infinity'")]
    [InlineData("--rho 0,-0", "--rho names 0 twice")]
    [InlineData("--decoder-variance 1e999", "--decoder-variance should be a finite number, but is '1e999'")]
    [InlineData("--checkpoint-seconds Infinity", "--checkpoint-seconds should be a finite number, but is 'Infinity'")]
    [InlineData("--clip-norm -Infinity", "--clip-norm should be a finite number, but is '-Infinity'")]
    [InlineData("--data gaussian --eigenvalues 2,Infinity", "--eigenvalues should be a finite number, but is 'Infinity'")]
    [InlineData("--rho abc", "--rho should be a list, each entry a number between 0 and 1, or one such number per link, but is 'abc'")]
    [InlineData("--rho 0.5:0.6:0.7", "--rho 0.5:0.6:0.7 has 3 numbers but 3 latent layers have 2 link(s) between them")]
    [InlineData("--rho 0.5,0.3,0.5", "--rho names 0.5 twice")]
    [InlineData("--draws 0", "--draws 0 is out of range; it must be 1 or more")]
    [InlineData(
        "--latents 16,8", "--hidden has 3 size(s) but --latents has 2; give one hidden size per latent layer, such as --hidden 128,64, or")]
    [InlineData("--latents 16,0,8", "--latents 0 is out of range; it must be 1 or more")]
    [InlineData("--latents none", "--latents should be a list of whole numbers, or of shapes such as 8x14x14, but is 'none'")]
    [InlineData("--latents 16,,8", "--latents should be a list of whole numbers, or of shapes such as 8x14x14, but is ''")]
    [InlineData("--hidden 16,x,8", "--hidden should be a list of whole numbers, or none, but is 'x'")]
    [InlineData("--hidden-layers 0", "--hidden-layers 0 is out of range")]
    [InlineData("--epochs 0", "--epochs 0 is out of range; it must be 1 or more")]
    [InlineData("--epochs 2.5", "--epochs should be a whole number, but is '2.5'")]
    [InlineData("--epochs 99999999999", "--epochs should be a whole number, but is '99999999999'")]
    [InlineData("--batch -4", "--batch -4 is out of range; it must be 1 or more")]
    [InlineData("--learning-rate 0", "--learning-rate 0 is out of range; it must be above 0")]
    [InlineData("--learning-rate nan", "--learning-rate should be a finite number, but is 'nan'")]
    [InlineData("--learning-rate fast", "--learning-rate should be a number, but is 'fast'")]
    [InlineData("--adam-beta1 1", "--adam-beta1 1 is out of range; it must be 0 or more, and below 1")]
    [InlineData("--adam-beta2=-0.1", "--adam-beta2 -0.1 is out of range; it must be 0 or more, and below 1")]
    [InlineData("--adam-second-moment=-1", "--adam-second-moment -1 is out of range; it must be 0 or more, and a number of single precision")]
    [InlineData("--adam-epsilon 0", "--adam-epsilon 0 is out of range; it must be above 0")]
    [InlineData("--adam-epsilon 1e-46", "--adam-epsilon 1E-46 is out of range; single precision has no such number")]
    [InlineData("--adam-beta1 0.99999999", "--adam-beta1 0.99999999 is 1 in single precision")]
    [InlineData("--clip-norm 0", "--clip-norm 0 is out of range; it must be above 0")]
    [InlineData("--ema 1", "--ema 1 is out of range; it must be above 0 and below 1, such as 0.999")]
    [InlineData("--gradient-noise 0", "--gradient-noise 0 is out of range; it must be 1 or more")]
    [InlineData("--skip-norm 0", "--skip-norm 0 is out of range; it must be above 0")]
    [InlineData("--decoder-variance -1", "--decoder-variance -1 is out of range; it must be above 0")]
    [InlineData("--seeds 1,2,1", "--seeds names 1 twice")]
    [InlineData("--seeds x", "--seeds should be a list of whole numbers, but is 'x'")]
    [InlineData("--activation leakyrelu", "--activation should be one of leaky-relu, relu, tanh, elu, gelu, silu, but is 'leakyrelu'; did")]
    [InlineData("--sampler antithetik", "--sampler should be one of iid, antithetic, sobol, gauss-hermite, but is 'antithetik'; did you mean 'antithetic'?")]
    [InlineData("--schedule 1", "--schedule should be one of constant, cosine, linear, staged, staged-rounded, but is '1'")]
    [InlineData("--train-limit 0", "--train-limit 0 is out of range")]
    [InlineData("--test-limit 0", "--test-limit 0 is out of range")]
    [InlineData("--validation -1", "--validation -1 is out of range; it must be 0 or more")]
    [InlineData("--evaluation-draws 0", "--evaluation-draws 0 is out of range")]
    [InlineData("--warmup-steps -1", "--warmup-steps -1 is out of range")]
    [InlineData("--device gpu", "--device gpu is none; it can be cpu, cuda, or cuda:1 for the second card")]
    [InlineData("--threads -1", "--threads -1 is out of range")]
    [InlineData("--checkpoint-seconds -1", "--checkpoint-seconds -1 is out of range")]
    [InlineData("--eigenvalues 2,1", "--eigenvalues is for --data gaussian only, not for 'digits'")]
    [InlineData("--data gaussian --eigenvalues 2,-1", "--eigenvalues -1 is out of range; it must be above 0")]
    [InlineData("--config /nonexistent/x.json", "--config /nonexistent/x.json does not exist")]
    [InlineData("--epocs 3", "unknown option '--epocs' for 'ornstein phase'; did you mean '--epochs'? (see 'ornstein phase --help')")]
    [InlineData("--lerning-rate=3", "unknown option '--lerning-rate' for 'ornstein phase'; did you mean '--learning-rate'?")]
    [InlineData("--learning", "unknown option '--learning' for 'ornstein phase'; did you mean '--learning-rate'?")]
    [InlineData("--zzz", "unknown option '--zzz' for 'ornstein phase' (see")]
    [InlineData("--epochs", "--epochs needs one value (see")]
    [InlineData("--epochs 3 --epochs 4", "--epochs was given twice; give it once (see")]
    [InlineData("--epochs 3 --epochs 4 --epochs 5", "--epochs was given 3 times; give it once (see")]
    [InlineData("--rho 1 --rho 0.5", "--rho was given twice; give it once, with its values joined by commas: --rho 1,0.5 (see")]
    [InlineData("here", "unexpected 'here' after 'ornstein phase' (see")]
    public void Bind_Mistake_NamesTheOptionAndWhatIsRight(string arguments, string message) =>
        Assert.StartsWith(message, Shell.Mistake(["phase", .. arguments.Split(' ')]));

    internal static Gen<RunSettings> RandomSettings { get; } =
        from latents in Gen.Int[1, 64].Array[2, 5]
        from linear in Gen.Bool
        from rho in Gen.Double[0, 1].Array[1, 4]
        from perLink in Gen.Bool
        from seeds in Gen.Long.Array[1, 4]
        from rate in Gen.Double[1e-6, 1]
        from activation in Gen.Enum<Activation>()
        from limit in Gen.Int[1, 1000].Nullable()
        from clip in Gen.Double[0.1, 10].Nullable()
        from folder in Gen.String[Gen.Char[" a'\"$-/é"], 1, 12].Where(s => s.Trim().Length > 0 && s[0] != '-')
        from epochs in Gen.Int[1, 1000]
        from remedies in Gen.OneOf(
            Gen.Const("none"), Gen.Const("none,anneal:until=0.5"), Gen.Const("warm-up:2+beta:0.5,iwae:5,free-bits:1:per=layer,beta:2"))
        from ladder in Gen.Bool
        from norm in Gen.Bool
        from prior in Gen.OneOf(Gen.Const("standard-normal"), Gen.Const("mixture:3"))
        from scale in Gen.Double[0.1, 3].Nullable()
        from skip in Gen.OneOf(Gen.Const(SkipConnections.None), Gen.Const(SkipConnections.Generative))
        select RunSettings.ForPhase with
        {
            Latents = [.. latents.Select(units => (Shape)units)],
            Hidden = linear ? [] : latents,
            Rho = [.. rho.Distinct().Select(r => perLink ? RhoEntry.Of([.. Enumerable.Repeat(r, latents.Length - 1)]) : r)],
            Seeds = [.. seeds.Distinct()],
            LearningRate = rate,
            Activation = activation,
            TrainLimit = limit,
            ClipNorm = clip,
            Out = folder,
            Epochs = epochs,
            Remedy = [.. remedies.Split(',').Select(entry => RemedyEntry.Parse(entry, "--remedy"))],
            Ladder = ladder && !linear,
            BatchNorm = norm && !linear,
            Skip = skip,
            Prior = new PriorEntry(prior),
            MeanNorm = prior == "standard-normal" ? scale : null,
        };
}
