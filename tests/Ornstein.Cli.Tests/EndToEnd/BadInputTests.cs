namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Mistakes of a user: each is one line that names what is wrong, and leaves nothing behind.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BadInputTests()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        Directory.CreateDirectory(_folder.File("full"));
        _folder.File("full/notes.txt", "mine");
        _folder.File("file", "mine");
        _folder.File("key.json", """{ "epocs": 3 }""");
        _folder.File("type.json", """{ "epochs": "three" }""");
        _folder.File("list.json", "[3]");
        _folder.File("broken.json", """{ "epochs": """);
        IdxFolder.WriteDamaged(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("phase --rho 0.5,1.5", "--rho 1.5 is out of range; it must be between 0 and 1")]
    [InlineData("phase --rho=-0.1", "--rho -0.1 is out of range")]
    [InlineData("phase --rho nan", "--rho")]
    [InlineData("phase --rho half", "--rho")]
    [InlineData("phase --rho 0.1:0.2:0.3", "--rho 0.1:0.2:0.3 has 3 numbers")]
    [InlineData("phase --rho 0.5,0.5", "--rho names 0.5 twice")]
    [InlineData("phase --draws 0", "--draws 0 is out of range")]
    [InlineData("phase --remedy iwae:0", "--remedy iwae:0: the importance-weighted objective needs at least 2 samples, not 0")]
    [InlineData("phase --remedy iwae:0:gradient=dreg", "the doubly reparameterized gradient needs at least 2 samples, not 0")]
    [InlineData("phase --remedy iwae:5:gradient=dreg --ladder", "the doubly reparameterized gradient")]
    [InlineData("phase --remedy iwae:5:gradient=dreg --batch-norm", "the doubly reparameterized gradient")]
    [InlineData("phase --remedy iwae:5:gradient=dreg --smooth q", "smooth p alone")]
    [InlineData("phase --remedy iwae:5:gradient=dreg+warm-up:2", "that of the bound itself; leave out warm-up")]
    [InlineData("phase --remedy iwae:5:gradient=dreg --likelihood gaussian --decoder-sigma analytic", "take a learned one")]
    [InlineData("phase --batch-norm --batch 1", "give --batch 2 or more")]
    [InlineData("phase --test-binarization anew --binarization static", "with --binarization static they are part of the data; give --test-binarization once, or --binarization dynamic")]
    [InlineData("phase --epochs 0", "--epochs 0 is out of range")]
    [InlineData("phase --epochs 99999999999", "--epochs")]
    [InlineData("phase --batch 0", "--batch 0 is out of range")]
    [InlineData("phase --learning-rate 0", "--learning-rate 0 is out of range")]
    [InlineData("phase --evaluation-draws 3", "--evaluation-draws 3 is out of range; it must be an even number, 2 or more")]
    [InlineData("phase --evaluation-draws 0", "--evaluation-draws 0 is out of range")]
    [InlineData("phase --importance-draws 0", "--importance-draws 0 is out of range; it must be 1 or more")]
    [InlineData("phase --latents 8,4 --hidden 16,8,8", "--hidden has 3 size(s) but --latents has 2")]
    [InlineData("phase --activation sigmoidal", "--activation")]
    [InlineData("phase --epocs 3", "unknown option '--epocs' for 'ornstein phase'; did you mean '--epochs'?")]
    [InlineData("phase --epochs 2 --epochs 3", "--epochs was given twice; give it once")]
    [InlineData("phase --rho 1 --rho 0.5", "--rho was given twice; give it once, with its values joined by commas: --rho 1,0.5")]
    [InlineData("phase --checkpoint-seconds Infinity", "--checkpoint-seconds should be a finite number, but is 'Infinity'")]
    [InlineData("theory --eigenvalues 2,1e999", "--eigenvalues should be a finite number, but is '1e999'")]
    [InlineData("theory --eigenvalues 2 --decoder-variance NaN", "--decoder-variance should be a finite number, but is 'NaN'")]
    [InlineData("phase --seeds 0 --epochs", "--epochs needs one value")]
    [InlineData("phase --epochs --seeds 0", "--epochs needs one value")]
    [InlineData("fase", "unknown command 'fase'; did you mean 'phase'?")]
    [InlineData("data fetch", "unknown command 'fetch'")]
    [InlineData("phase --config key.json", "key.json: unknown key \"epocs\"; did you mean 'epochs'?")]
    [InlineData("phase --config type.json", "type.json: \"epochs\" should be a whole number, but is the text \"three\"")]
    [InlineData("phase --config list.json", "list.json should be a JSON object")]
    [InlineData("phase --config broken.json", "broken.json is not valid JSON")]
    [InlineData("phase --config missing.json", "--config missing.json does not exist")]
    [InlineData("phase --resume", "--resume needs the run")]
    [InlineData("phase --eigenvalues 2,1", "--eigenvalues is for --data gaussian only")]
    [InlineData("phase --data gaussian --eigenvalues 2,1 --likelihood bernoulli", "--likelihood bernoulli needs pixels")]
    [InlineData("phase --data gaussian --eigenvalues 2,1 --binarization static", "--binarization needs pixels")]
    [InlineData(
        "phase --sampler gauss-hermite",
        "--sampler gauss-hermite with --draws 8 needs 8^16 points for a layer of 16 units, more than 4096; give --sampler antithetic")]
    [InlineData(
        "phase --sampler gauss-hermite --latents 16,12,4",
        "for a layer of 12 units, more than 4096; give --draws 2 or fewer, or --sampler")]
    [InlineData("phase --sampler gauss-hermite --latents 16,4 --hidden none --smooth q", "8^16 points")]
    [InlineData("phase --sampler gauss-hermite --latents 16,8,4 --rho 1:0.5 --draws 9", "9^4 points for a layer of 4 units")]
    [InlineData(
        "phase --sampler sobol --latents 8,128 --hidden none",
        "--sampler sobol takes layers of at most 101 units, not 128; give --sampler antithetic")]
    [InlineData("sample full --count 0", "--count 0 is out of range")]
    public void Run_WrongUse_IsOneLineAndExitCode2(string arguments, string expected) =>
        Assert.Contains(expected, Mistake(arguments, 2), StringComparison.Ordinal);

    [Theory]
    [InlineData("phase --data nosuch", "'nosuch' is neither a data set")]
    [InlineData("phase --data empty", "holds no data that is recognised")]
    [InlineData("phase --data idx-empty", "train-images-idx3-ubyte")]
    [InlineData("phase --data idx-magic", "begin with 0x00000803")]
    [InlineData("phase --data idx-truncated", "train-images-idx3-ubyte")]
    [InlineData("phase --data idx-oversized", "train-images-idx3-ubyte")]
    [InlineData("data info idx-truncated", "train-images-idx3-ubyte")]
    [InlineData("data info nosuch", "nosuch")]
    [InlineData("phase --remedy iwae:2000000000", "samples fit: give fewer samples, or smaller batches")] // before a file is written
    [InlineData("phase --out full", "run folder 'full' exists and is not empty")]
    [InlineData("phase --out file", "run folder 'file' is a file")]
    [InlineData("phase --out file/run", "'file/run'")]
    [InlineData("phase --device cuda:99", "the device cpu")] // whatever is missing here
    [InlineData("phase --resume --out full", "'full' is no run folder")]
    [InlineData("eval full", "'full' is no run folder")]
    [InlineData("sample full", "'full' is no run folder")]
    [InlineData("eval nosuch", "run folder 'nosuch' does not exist")]
    public void Run_WhatIsThereDoesNotFit_IsOneLineAndExitCode1(string arguments, string expected) =>
        Assert.Contains(expected, Mistake(arguments, 1), StringComparison.Ordinal);

    private string Mistake(string arguments, int code)
    {
        var before = TinyRun.Snapshot(_folder.Path);
        // Where a mistake goes unnoticed, the run that follows is short.
        var limits = arguments.StartsWith("phase", StringComparison.Ordinal) && !arguments.Contains("--resume", StringComparison.Ordinal)
            ? "--train-limit 64 --test-limit 8 --threads 1".Split(' ')
            : [];
        var words = arguments.Split(' ');
        var outcome = ChildProgram.Run(_folder.Path, [words[0], .. limits, .. words[1..]]).Expect(code);
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
        return TinyRun.OneLine(outcome);
    }
}
