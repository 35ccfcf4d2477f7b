using System.CommandLine;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Commands;

/// <summary><c>--quiet</c> of commands that are no runs, in the words of those that are.</summary>
internal static class QuietOption
{
    public static Option<bool> Create()
    {
        var flag = SettingsSchema.Flags.First(setting => setting.Property.Name == nameof(RunFlags.Quiet));
        return new(flag.Option) { Description = flag.Declaration.Help };
    }
}
