using System.Text;
using Ornstein.Experiments.Presets;
using Ornstein.Experiments.Settings;
using Ornstein.Fuzzing.Inputs;
using Ornstein.Stacks;
using Ornstein.Studies;
using Ornstein.Studies.Submissions;

namespace Ornstein.Fuzzing.Targets;

/// <summary>Texts of the command line: values of options, names, times, patterns.</summary>
internal static class TextTargets
{
    private static readonly string[] _pieces =
    [
        "0", "1", "-1", "0.5", "1.5", "8", "16", "101", "128", "4096", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808", "1e999", "1e-999", "-0", "NaN", "Infinity",
        "-Infinity", "1e9", "0x10", "٣", "½", " ", "\t", "\n", "\0", "\u202e", "\ud83d\ude00", "none", "auto", "true", "digits", "gaussian", "x", "8x14x14", "3x3", "0x0", "65536x65536", "warm-up:20",
        "cyclic:4", "beta:0.5", "beta:0.5/1", "free-bits:0.5", "free-bits:0.5:per=layer", "anneal", "anneal:0.5", "iwae:5", "iwae:5:gradient=dreg", "committed-rate:0.1", "aggressive:5",
        "latent-reconstruction:1", "mixture:10", "vamp:50", "vamp:", "standard-normal", "bernoulli", "perceptron", "convolution", "relu", "iid", "sobol", "gauss-hermite", "pq", "both", "cpu", "cuda",
        "cuda:99", "per=", "gradient=", "=", "a", "Ä",
    ];

    private static readonly string[] _joints = [",", ":", "+", "x", "/", "=", "", " ", ",,"];
    private static readonly StudyFile _study = StudyJson.Parse(Stored.SeedText("study-large.json"), "study.json");

    public static IEnumerable<FuzzTarget> All()
    {
        yield return new("option", "values of the options of a run", Options, (_, input) => Parse(input), new(1 << 20, 2000), 3000);
        yield return new("time", "times as Slurm writes them", random => Joined(random, ["0", "1", "60", "9999", "99999", "-", "٣", " ", ":", ":", "-", "00"], ["", ":"]), (_, input) => SubmitOptions.ParseTime(Encoding.UTF8.GetString(input), "--time"), new(1 << 17, 200), 2000);
        yield return new("pattern", "--only of a study", random => Joined(random, ["*", "*", "a", "L2", "digits", "/", "p", "\\", "(", "[", ".*", "?", "$", "\n", "experiments"], [""]), (_, input) => _study.Matching(Encoding.UTF8.GetString(input)), new(4 << 20, 2000), 1000);
        yield return new("name", "names of presets and devices", random => Joined(random, _pieces, _joints), (_, input) => Names(Encoding.UTF8.GetString(input)), new(1 << 20, 500), 1000);
    }

    // Options and their values, a line each.
    private static byte[] Options(Random random)
    {
        var lines = Enumerable.Range(0, 1 + random.Next(3)).Select(_ =>
            $"{ByteInputs.One(random, SettingsSchema.Run).Option} {Encoding.UTF8.GetString(Joined(random, _pieces, _joints)).ReplaceLineEndings(" ")}");
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private static void Parse(byte[] input)
    {
        var settings = RunSettings.ForPhase with { };
        foreach (var line in Encoding.UTF8.GetString(input).Split('\n'))
        {
            var (option, value) = line.Split(' ', 2) is [var name, var text] ? (name, text) : (line, "");
            if (SettingsSchema.Run.FirstOrDefault(each => each.Option == option) is { } setting) setting.Set(settings, SettingText.Parse(setting, value, option));
        }

        settings.Validate();
    }

    private static void Names(string text)
    {
        if (Devices.IsName(text) && text.Length < 8) return;
        PresetCatalog.Find(text);
    }

    private static byte[] Joined(Random random, string[] pieces, string[] joints)
    {
        var text = new StringBuilder();
        var count = random.Next(30) == 0 ? random.Next(4000) : 1 + random.Next(9);
        var joint = ByteInputs.One(random, joints);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(random.Next(4) == 0 ? ByteInputs.One(random, joints) : joint);
            text.Append(ByteInputs.One(random, pieces));
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return random.Next(10) == 0 ? ByteInputs.Changed(random, bytes) : bytes;
    }
}
