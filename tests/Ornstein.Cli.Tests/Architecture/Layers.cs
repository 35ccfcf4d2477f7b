namespace Ornstein.Cli.Tests.Architecture;

/// <summary>The order of this project: what may use what.</summary>
internal static class Layers
{
    /// <summary>The projects; each may use those before it.</summary>
    public static readonly string[] Projects = ["Ornstein", "Ornstein.Experiments", "Ornstein.Studies", "Ornstein.View", "Ornstein.Cli"];

    /// <summary>The folders of <c>src/Ornstein</c>, as the picture in docs/architecture.md shows them; each may use those before it.</summary>
    public static readonly string[] Library =
    [
        "Storage", "Results", "Randomness", "Data", "Kernels", "Tensors", "Gaussians", "Remedies", "Stacks", "Batching", "Smoothing", "Likelihoods", "Priors", "Networks",
        "Models", "Optimization", "Objectives",
        "Steps", "Gradients", "Decomposition", "Evaluation", "Measures", "Training", "Checkpoints", "Runs", "Harmonics", "Generation", "Contributions", "Information", "Probes",
        "Transitions", "Theory", "Diagnosis",
    ];

    /// <summary>The project that a namespace belongs to.</summary>
    public static string ProjectOf(string space) =>
        Projects.Skip(1).FirstOrDefault(project => space == project || space.StartsWith(project + ".", StringComparison.Ordinal)) ?? Projects[0];

    /// <summary>The arrows that go from a project or a folder of the library to one that comes later, each once.</summary>
    public static string[] Up(IEnumerable<Arrow> arrows) => [.. arrows.Where(IsUp).Select(arrow => arrow.ToString()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Arrows that lie on circles of namespaces, one for each pair of namespaces.</summary>
    public static string[] Circles(IEnumerable<Arrow> arrows)
    {
        Arrow[] between = [.. arrows.Where(arrow => arrow.FromNamespace != arrow.ToNamespace).DistinctBy(arrow => (arrow.FromNamespace, arrow.ToNamespace))];
        var next = between.ToLookup(arrow => arrow.FromNamespace, arrow => arrow.ToNamespace);
        bool Leads(string from, string to)
        {
            var (seen, left) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([from]));
            while (left.TryPop(out var at))
            {
                if (at == to) return true;
                foreach (var then in next[at].Where(seen.Add)) left.Push(then);
            }

            return false;
        }

        return [.. between.Where(arrow => Leads(arrow.ToNamespace, arrow.FromNamespace)).Select(arrow => arrow.ToString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>The folder of <c>src/Ornstein</c> that a namespace stands for; empty for the root.</summary>
    public static string FolderOf(string space) => space.Split('.').ElementAtOrDefault(1) ?? "";

    private static bool IsUp(Arrow arrow)
    {
        var (from, to) = (Array.IndexOf(Projects, ProjectOf(arrow.FromNamespace)), Array.IndexOf(Projects, ProjectOf(arrow.ToNamespace)));
        if (from != to) return from < to;
        // What is in no folder is below all of them.
        return from == 0 && Array.IndexOf(Library, FolderOf(arrow.FromNamespace)) < Array.IndexOf(Library, FolderOf(arrow.ToNamespace));
    }
}
