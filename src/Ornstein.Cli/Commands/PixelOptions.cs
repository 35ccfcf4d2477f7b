using System.CommandLine;
using System.CommandLine.Parsing;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Data;

namespace Ornstein.Cli.Commands;

/// <summary>The options by which pictures are read and sized, as those of a run of the same names say them.</summary>
internal sealed class PixelOptions
{
    private readonly Option<string?> _scale = Of(nameof(RunSettings.Scale)), _background = Of(nameof(RunSettings.Background));
    private readonly Option<string?> _colour = Of(nameof(RunSettings.Colour)), _size = Of(nameof(RunSettings.ImageSize));

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _scale, _background, _colour, _size }) command.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The data set or folder that it is for.</param>
    /// <exception cref="OrnsteinException">A usage error, as of a run's options.</exception>
    public DataOptions Of(ParseResult parsed, string data)
    {
        var settings = RunSettings.ForPhase with
        {
            Data = data,
            Scale = Value(parsed, _scale, PixelScale.Auto),
            Background = Value(parsed, _background, PixelBackground.White),
            Colour = Value(parsed, _colour, PixelColour.Auto),
            ImageSize = Value<Shape?>(parsed, _size, null),
        };
        settings.ValidateData();
        return RunData.OptionsOf(settings);
    }

    private static Option<string?> Of(string property)
    {
        var setting = Find(property);
        return new Option<string?>(setting.Option)
        {
            Description = setting.Declaration.Help,
            HelpName = SettingText.NamesOf(setting.Type) is { } names ? string.Join('|', names) : setting.Declaration.Value,
        };
    }

    private static T Value<T>(ParseResult parsed, Option<string?> option, T fallback) => parsed.GetValue(option) is { } text
        ? (T)SettingText.Parse(SettingsSchema.Run.First(setting => setting.Option == option.Name), text, option.Name)!
        : fallback;

    private static Setting Find(string property) => SettingsSchema.Run.First(setting => setting.Property.Name == property);
}
