// Parts of one's own, each one class: a data set, a likelihood, a remedy and a measured quantity. All are known by name after they were registered, and
// reach the configuration, the results, the report, `compare` and CSV.
//     dotnet run samples/own-parts/own-parts.cs runs/own
// In a folder of your own, or with the packages, its first lines are others: docs/own-model.md.
#:project ../../src/Ornstein.Experiments/Ornstein.Experiments.csproj
#:property PublishAot=false

using Ornstein;
using Ornstein.Data;
using Ornstein.Experiments;
using Ornstein.Experiments.Settings;
using Ornstein.Likelihoods;
using Ornstein.Measures;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

if (args is not [var folder])
{
    Console.Error.WriteLine("give the folder to train in: dotnet run own-parts.cs runs/own");
    return 2;
}

try
{
    DatasetCatalog.Register(new Spikes());
    Likelihood.Register(new Laplace());
    Remedy.Register(Capacity.Kind);
    Measure.Register(new MeanEnergy());
    var run = Run.Start(RunSettings.ForPhase with
    {
        Data = "spikes", Likelihood = new("laplace"), Remedy = [RemedyEntry.None, RemedyEntry.Of(Remedy.Of(new Capacity(2)))],
        Latents = [3, 2], Hidden = [16, 8], Rho = [0.5, 1], Seeds = [0], Epochs = 5, Out = folder,
    });
    foreach (var model in run.Result.Members)
    {
        var energy = model.Measures!["meanEnergy"].Values!;
        Console.WriteLine($"rho {model.Rho}, {model.Remedy ?? "no remedy"}: ELBO {model.Elbo:0.00} nats, KL {string.Join(", ", model.Kl.Select(nats => $"{nats:0.00}"))}, mean energy {string.Join(", ", energy.Select(one => $"{one.Value:0.00}"))}");
    }

    return 0;
}
catch (OrnsteinException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 1;
}

// Four numbers that one hidden number moves, with now and then a large error.
internal sealed record Spikes : IDatasetSource
{
    public DatasetDescription Description { get; } = new()
    {
        Name = "spikes", Summary = "four real numbers with rare large errors", Kind = PixelKind.Real, Shape = null, TrainCount = 1000, TestCount = 200, AlwaysPresent = true,
    };

    public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation) => new()
    {
        Name = Description.Name, Kind = Description.Kind, Shape = null, Attribution = "made here",
        Train = Draw(Description.TrainCount, seed: 0), Test = Draw(Description.TestCount, seed: 1),
    };

    private static DataSplit Draw(int count, int seed)
    {
        var (random, numbers) = (new Random(seed), new float[count * 4]);
        for (var row = 0; row < count; row++)
        {
            var hidden = (2 * random.NextSingle()) - 1;
            for (var i = 0; i < 4; i++) numbers[(row * 4) + i] = (hidden * (i + 1)) + (random.NextSingle() < 0.05 ? 10 : 0.3f) * (random.NextSingle() - 0.5f);
        }

        return DataSplit.FromReals(numbers, 4);
    }
}

// exp(-|x - output| / b) / (2 b), whose width b is learned.
internal sealed record Laplace : ILikelihood
{
    public string Name => "laplace";

    public IReadOnlyList<PartParameter> Parameters { get; } = [new("logwidth", 1, 0)];

    public int Outputs(int features) => features;

    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        var width = state["logwidth"]; // [members, 1]
        return -((x - output).abs().sum([-1L]) / width.exp()) - width.Plus(Math.Log(2)).Times(output.shape[^1]);
    }

    public Tensor Mean(Tensor output) => output;

    public double[] OutputOf(IReadOnlyList<double> mean) => [.. mean];
}

// |KL - C| in the place of a layer's KL (Burgess et al. 2018); written capacity:2.
internal sealed record Capacity(double Nats) : IRemedy
{
    public static RemedyKind Kind { get; } = new("capacity", text => new Capacity(text.Number())) { Value = "a number of nats" };

    public string Name => Kind.Name;

    public WrittenRemedy? Written => new(Name, Nats);

    public void Validate(int layers)
    {
        if (!(Nats >= 0)) throw new OrnsteinException($"the capacity is {Nats} nats; it must be at least 0.");
    }

    public ObjectiveTerms Apply(ObjectiveTerms terms, TrainingClock clock) => terms with { Kl = [.. terms.Kl.Select(kl => kl.Minus(Nats).abs())] };
}

internal sealed record MeanEnergy : IMeasure
{
    public string Key => "meanEnergy";

    public string Heading => "E|m|²";

    public string Legend => "mean over data of the squared length of q's mean";

    public bool IsPerLayer => true;

    public IReadOnlyList<IReadOnlyList<Estimate>> Of(MeasuredModels on) =>
        on.Means((x, noise) => [.. on.Stack.Infer(x, noise).Layers.Select(q => q.Mean.Squared().sum([-1L]))]);
}
