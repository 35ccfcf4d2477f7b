// A likelihood of one's own, swept over rho: real numbers with heavy tails, exp(-|x - output| / b) / (2 b), whose width b is learned.
//     dotnet run samples/own-likelihood/own-likelihood.cs runs/laplace
#:project ../../src/Ornstein.Experiments/Ornstein.Experiments.csproj
#:property PublishAot=false

using Ornstein;
using Ornstein.Experiments;
using Ornstein.Experiments.Settings;
using Ornstein.Likelihoods;
using Ornstein.Stacks;
using static TorchSharp.torch;

if (args is not [var folder])
{
    Console.Error.WriteLine("give the folder to train in: dotnet run own-likelihood.cs runs/laplace");
    return 2;
}

try
{
    Likelihood.Register(new Laplace());
    var run = Run.Start(RunSettings.ForPhase with
    {
        Data = "gaussian", Likelihood = new("laplace"), Latents = [3, 2], Hidden = [16, 8], Rho = [0.5, 1], Seeds = [0], Epochs = 5, Out = folder,
    });
    foreach (var model in run.Result.Members) Console.WriteLine($"rho {model.Rho}: ELBO {model.Elbo:0.00} nats, I(x; z2) {model.Information?[^1].Value:0.000} nats");
    return 0;
}
catch (OrnsteinException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 1;
}

internal sealed record Laplace : ILikelihood
{
    public string Name => "laplace";

    public IReadOnlyList<PartParameter> Parameters { get; } = [new("logwidth", 1, 0)];

    public int Outputs(int features) => features;

    public Tensor LogProbability(Tensor x, Tensor output, PartState state)
    {
        var width = state["logwidth"]; // [members, 1]
        return -((x - output).abs().sum([-1L]) / width.exp()) - (output.shape[^1] * (width + Math.Log(2)));
    }

    public Tensor Mean(Tensor output) => output;

    public double[] OutputOf(IReadOnlyList<double> mean) => [.. mean];
}
