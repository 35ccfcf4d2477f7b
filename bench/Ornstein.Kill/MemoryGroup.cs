using System.Globalization;

namespace Ornstein.Kill;

/// <summary>
/// A control group of Linux (cgroup, version 1 or 2) for one process at a time: the kernel kills it where it asks for more memory than its group may have. It stays as long
/// as the campaign, and is empty then.
/// </summary>
internal sealed class MemoryGroup
{
    private const string Mounts = "/sys/fs/cgroup";

    private readonly string _path;
    private readonly string _limit;
    private readonly string _used;
    private readonly string _none;

    private MemoryGroup(string path, string limit, string used, string none)
    {
        (_path, _limit, _used, _none) = (path, Path.Combine(path, limit), Path.Combine(path, used), none);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    /// <summary>Makes one below the group of this process; null where there is no right to, or no such groups.</summary>
    public static MemoryGroup? Make()
    {
        if (!OperatingSystem.IsLinux()) return null;
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            // Number, controllers and path; version 2 has one line without controllers.
            if (line.Split(':', 3) is not [_, var controllers, var own]) continue;
            var first = controllers.Split(',').Contains("memory");
            if (!first && controllers.Length > 0) continue;
            var path = Path.Join(Mounts, first ? "memory" : "", own, $"ornstein-kill-{Environment.ProcessId}");
            var group = first ? new MemoryGroup(path, "memory.limit_in_bytes", "memory.usage_in_bytes", "-1") : new MemoryGroup(path, "memory.max", "memory.current", "max");
            try
            {
                Directory.CreateDirectory(path);
                if (File.Exists(group._limit)) return group;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Others may make groups here, or nobody.
            }

            group.Remove();
        }

        return null;
    }

    /// <summary>The words that start a program in the group, which it enters without a limit.</summary>
    public string[] Words(string[] program)
    {
        File.WriteAllText(_limit, _none);
        return ["bash", "-c", $"echo $$ > '{_path}/cgroup.procs' && exec \"$@\"", "run", .. program];
    }

    /// <summary>From now on the group gets so many bytes more than it has.</summary>
    public void Limit(long more)
    {
        try
        {
            File.WriteAllText(_limit, (long.Parse(File.ReadAllText(_used), CultureInfo.InvariantCulture) + more).ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It took more between the look and the limit, and nothing of it can be taken back (version 1).
        }
    }

    private void Remove()
    {
        try
        {
            if (Directory.Exists(_path)) Directory.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process of it lives.
        }
    }
}
