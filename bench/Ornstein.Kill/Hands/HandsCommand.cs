namespace Ornstein.Kill.Hands;

/// <summary>The long campaign of many processes: prints what they came to, and each fault with the line that repeats it. The exit code is 1 where there is one.</summary>
internal static class HandsCommand
{
    public static int Run(HandsOptions options)
    {
        var campaign = new HandsCampaign(options);
        if (!campaign.Run(Console.Error.WriteLine)) throw new OrnsteinException("There is no C compiler here (cc), or this is not Linux.");
        Console.WriteLine("| setting | cases | processes | told that another is at work | suspended | SIGKILL | clock of a machine jumps | clock of the server jumps | nights | results moved | days |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, count) in campaign.Counts)
        {
            Console.WriteLine(
                $"| `{name}` | {count.Cases} | {count.Starts:N0} | {count.Told:N0} | {count.Of(Blow.Stop)} | {count.Of(Blow.Kill)} | {count.Of(Blow.Jump)} | {count.Of(Blow.ServerJump)} | {count.Of(Blow.Night)} | {count.Moved} | {count.Passed.TotalDays:F1} |");
        }

        Console.WriteLine($"\n{campaign.Counts.Values.Sum(count => count.Cases)} cases, {campaign.Faults.Count} faults; unfinished files left: {campaign.Counts.Values.Sum(count => count.Left)}");
        foreach (var fault in campaign.Faults) Console.WriteLine($"\n{fault.Kind}, case {fault.Case}: {fault.What}\n  {fault.Folder}\n  {fault.Command}");
        return campaign.Faults.Count == 0 ? 0 : 1;
    }
}
