using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>
/// A Slurm cluster of two nodes with two processors each on this machine: the real daemons, on the loopback alone. Its programs, and those that they
/// start, find it by <c>SLURM_CONF</c>.
/// </summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string[] _daemons = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"];
    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-slurm-").FullName;

    /// <summary>Starts the cluster.</summary>
    /// <param name="controller">Its <c>SlurmctldParameters</c>.</param>
    /// <param name="hidden">Its <c>PrivateData</c>: what people do not see of each other.</param>
    public SlurmCluster(string controller = "preempt_send_user_signal", string hidden = "none")
    {
        foreach (var name in new[] { "state", "spool.n1", "spool.n2", "munge" }) Directory.CreateDirectory(At(name));
        File.WriteAllBytes(At("munge/key"), RandomNumberGenerator.GetBytes(1024));
        Shell($"chmod 711 {_folder} {At("munge")}; chmod 600 {At("munge/key")}");
        File.WriteAllText(At("slurm.conf"), Configuration(_folder, Environment.MachineName.Split('.')[0], FreePorts(3), controller, hidden));
        Environment.SetEnvironmentVariable("SLURM_CONF", At("slurm.conf"));
        Shell($"munged -S {_folder}/munge/s --key-file={_folder}/munge/key --pid-file={_folder}/munge/pid --log-file={_folder}/munge/log --seed-file={_folder}/munge/seed");
        StartController();
        foreach (var node in new[] { "n1", "n2" }) StartNode(node);
        WaitFor(() => Shell("sinfo -h -p all -o '%T %D'").Trim() == "idle 2", 30, () => $"two idle nodes: {Shell("sinfo -N; tail -n 3 " + At("*.log"))}");
    }

    /// <summary>Skips the test where no cluster can be started.</summary>
    public static void SkipWhereThereIsNone() => Assert.SkipWhen(WhyNot() is not null, $"{WhyNot()}");

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux()) return "Slurm runs on Linux";
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = _daemons.Where(daemon => !path.Any(folder => File.Exists(Path.Combine(folder, daemon)))).ToArray();
        if (missing.Length > 0) return $"no {string.Join(", ", missing)}: install slurm-wlm and munge";
        return Environment.UserName == "root" ? null : "the daemons of Slurm need root";
    }

    public void StartController() => Shell("slurmctld >/dev/null");

    public void StartNode(string node) => Shell($"slurmd -N {node} >/dev/null");

    /// <summary>Ends the controller at once, as <c>kill -9</c> does.</summary>
    public void KillController()
    {
        using var process = Process.GetProcessById(int.Parse(File.ReadAllText(At("ctld.pid"))));
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Ends a node at once with everything that runs on it.</summary>
    public void KillNode(string node)
    {
        KillDaemon(node);
        foreach (var id in ProcessesOn(node))
        {
            // The daemon's helper, which would report the death, dies before the job does.
            if (ParentOf(id) is { } parent && CommandOf(parent).StartsWith("slurmstepd", StringComparison.Ordinal)) Kill(parent);
            Kill(id);
        }
    }

    /// <summary>Ends a node's daemon alone: what runs there runs on, and Slurm takes it for dead.</summary>
    public void KillDaemon(string node) => Kill(int.Parse(File.ReadAllText(At($"d.{node}.pid"))));

    /// <summary>The process on a node whose command has a word in it.</summary>
    public int ProcessOn(string node, string word) => ProcessesOn(node).First(id => CommandOf(id).Contains(word, StringComparison.Ordinal));

    /// <summary>Runs a line of a shell; what it says.</summary>
    public static string Shell(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"{{ {line}; }} 2>&1"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        // A daemon keeps what it inherited open: read until the shell is gone.
        var output = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        return output.Wait(2000) ? output.Result : "";
    }

    /// <summary>Waits until something holds.</summary>
    public static void WaitFor(Func<bool> condition, int seconds, string what) => WaitFor(condition, seconds, () => what);

    /// <summary>Waits until something holds; says what there is instead when the time is over.</summary>
    public static void WaitFor(Func<bool> condition, int seconds, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed.TotalSeconds >= seconds) Assert.Fail($"did not come within {seconds} s: {what()}");
            Thread.Sleep(100);
        }
    }

    public void Dispose()
    {
        Shell("scancel --user=root");
        foreach (var file in new[] { "d.n1.pid", "d.n2.pid", "ctld.pid", "munge/pid" })
        {
            if (File.Exists(At(file))) Shell($"kill $(cat {At(file)})");
        }

        Environment.SetEnvironmentVariable("SLURM_CONF", null);
        Thread.Sleep(500);
        Shell($"rm -rf {_folder}");
    }

    private string At(string name) => Path.Combine(_folder, name);

    private IEnumerable<int> ProcessesOn(string node) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : -1)
        .Where(id => id > 0 && Read(id, "environ").Split('\0') is var variables
            && variables.Contains($"SLURMD_NODENAME={node}") && variables.Contains($"SLURM_CONF={At("slurm.conf")}"));

    private static string CommandOf(int id) => Read(id, "cmdline");

    private static int? ParentOf(int id) => Read(id, "stat") is { Length: > 0 } line ? int.Parse(line.Split(')')[^1].Split(' ')[2]) : null;

    // Empty where the process has ended.
    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }

    // Without a short life of credentials a job that is started again waits for two minutes.
    private static string Configuration(string folder, string host, int[] ports, string controller, string hidden) => $"""
        ClusterName=ornstein
        SlurmctldHost={host}(127.0.0.1)
        SlurmctldPort={ports[0]}
        SlurmUser=root
        SlurmdUser=root
        AuthType=auth/munge
        AuthInfo=socket={folder}/munge/s,cred_expire=5
        CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
        MpiDefault=none
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        JobAcctGatherType=jobacct_gather/none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core
        SchedulerType=sched/backfill
        SchedulerParameters=bf_interval=1,sched_min_interval=0
        PreemptType=preempt/partition_prio
        PreemptMode=REQUEUE
        SlurmctldParameters={controller}
        PrivateData={hidden}
        ReturnToService=2
        SlurmdTimeout=10
        KillWait=5
        MinJobAge=3600
        MaxArraySize=9
        StateSaveLocation={folder}/state
        SlurmdSpoolDir={folder}/spool.%n
        SlurmctldPidFile={folder}/ctld.pid
        SlurmdPidFile={folder}/d.%n.pid
        SlurmctldLogFile={folder}/ctld.log
        SlurmdLogFile={folder}/d.%n.log
        AccountingStorageType=accounting_storage/none
        JobCompType=jobcomp/none
        NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=2 RealMemory=1000
        NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=2 RealMemory=1000
        PartitionName=all Nodes=n1,n2 Default=YES PriorityTier=10 State=UP
        PartitionName=low Nodes=n1,n2 PriorityTier=1 PreemptMode=REQUEUE GraceTime=30 State=UP
        PartitionName=short Nodes=n1,n2 MaxTime=10 State=UP

        """;
}
