using System.CommandLine;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Commands;

/// <summary>The options of every command that measures or draws a stored run: which data, where they lie now, and how many of them.</summary>
internal sealed class MeasuredOnOptions
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "Where the run's data lie now, or other data to take in their place, binarized and cut as the run's were.",
        HelpName = "NAME|FOLDER",
    };

    private readonly Option<string?> _binarization = new("--binarization")
    {
        Description = "How the pixels of the data become binary, other than the run did.", HelpName = "auto|dynamic|static|threshold|none",
    };

    private readonly Option<int?>? _limit;
    private readonly int _least;

    /// <param name="limit">What <c>--test-limit</c> does here; null for no such option.</param>
    /// <param name="least">The fewest data that make sense.</param>
    public MeasuredOnOptions(string? limit = null, int least = 1)
    {
        _least = least;
        if (limit is not null) _limit = new Option<int?>("--test-limit") { Description = limit, HelpName = "N" };
    }

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_binarization);
        if (_limit is not null) command.Add(_limit);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="most">Number of test data beyond which a measurement does not go by itself.</param>
    public MeasuredOn Of(ParseResult parsed, int? most = null)
    {
        var limit = _limit is null ? null : parsed.GetValue(_limit);
        if (limit < _least) throw UsageError.Because($"--test-limit {limit} is out of range; it must be at least {_least}");
        var data = parsed.GetValue(_data);
        if (data is not null && string.IsNullOrWhiteSpace(data)) throw UsageError.Because("--data is empty; give the name of a data set, such as digits, or a folder");
        var setting = SettingsSchema.Run.First(setting => setting.Property.Name == nameof(RunSettings.Binarization));
        var binarization = parsed.GetValue(_binarization) is { } text ? (BinarizationChoice?)SettingText.Parse(setting, text, "--binarization") : null;
        return new MeasuredOn { Data = data, Binarization = binarization, TestLimit = limit, Most = most, Warn = warning => Console.Error.WriteLine($"warning: {warning}") };
    }
}
