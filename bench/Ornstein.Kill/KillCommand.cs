using System.Text.Json;

namespace Ornstein.Kill;

/// <summary>The long campaign: prints a table of what was ended how, and each fault with the line that repeats it. The exit code is 1 where there is one.</summary>
internal static class KillCommand
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public static int Run(KillOptions options)
    {
        var campaign = new Campaign(options);
        campaign.Run(Console.Error.WriteLine);
        Console.WriteLine($"| kind | {string.Join(" | ", campaign.Here.Select(Ways.NameOf))} | all |");
        Console.WriteLine($"|---|{string.Concat(campaign.Here.Select(_ => "---:|"))}---:|");
        foreach (var kind in campaign.Kinds)
        {
            int[] kills = [.. campaign.Here.Select(way => campaign.KillsOf(kind, way))];
            Console.WriteLine($"| `{kind.Name}` | {string.Join(" | ", kills)} | {kills.Sum()} |");
        }

        int[] all = [.. campaign.Here.Select(way => campaign.Kinds.Sum(kind => campaign.KillsOf(kind, way)))];
        Console.WriteLine($"| all | {string.Join(" | ", all)} | {campaign.Kills} |");
        Console.WriteLine($"\n{campaign.Kills} kills in {campaign.Cases} cases, {campaign.Faults.Count} faults; short of memory, {campaign.MemorySaid} said so in a line and the runtime ended the others");
        foreach (var missing in campaign.Missing) Console.WriteLine($"not here: {missing}");
        foreach (var fault in campaign.Faults) Console.WriteLine($"\n{fault.Kind}, case {fault.Case}: {fault.What}\n  {fault.Folder}\n  {fault.Command}");
        if (options.Json is { } path) File.WriteAllText(path, JsonSerializer.Serialize(Json(campaign, options), _indented));
        return campaign.Faults.Count == 0 ? 0 : 1;
    }

    private static object Json(Campaign campaign, KillOptions options) => new
    {
        options.Seed,
        options.First,
        campaign.Cases,
        campaign.Kills,
        campaign.MemorySaid,
        ByKind = campaign.Kinds.ToDictionary(kind => kind.Name, kind => campaign.Here.ToDictionary(Ways.NameOf, way => campaign.KillsOf(kind, way))),
        campaign.Missing,
        campaign.Faults,
    };
}
