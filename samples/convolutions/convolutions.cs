// Networks of one's own, as TorchSharp's modules: a hierarchy of convolutions, z1 and z2 maps and z3 a vector, swept over rho with its report.
//     dotnet run samples/convolutions/convolutions.cs runs/convolutions
// In a folder of your own, or with the packages, its first lines are others: docs/own-model.md.
#:project ../../src/Ornstein.Experiments/Ornstein.Experiments.csproj
#:property PublishAot=false

using Ornstein;
using Ornstein.Experiments;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

if (args is not [var folder, .. var limits])
{
    Console.Error.WriteLine("give the folder to train in: dotnet run convolutions.cs runs/convolutions [images]");
    return 2;
}

try
{
    Network.Register(new ModuleNetworks("convolutions", ModuleOf));
    var images = limits.Length > 0 ? int.Parse(limits[0]) : 4000;
    using var progress = new PlainProgress(Console.Error);
    var run = Run.Start(
        RunSettings.ForPhase with
        {
            Data = "digits", TrainLimit = images, TestLimit = Math.Min(images, 1000), Networks = "convolutions",
            Latents = [new(1, 14, 14), new(1, 7, 7), 8], Rho = [0.5, 1], Seeds = [0], Draws = 4, Epochs = 5, Out = folder,
        },
        progress);
    foreach (var model in run.Result.Members) Console.WriteLine($"rho {model.Rho}: ELBO {model.Elbo:0.0} nats, KL of z1, z2, z3: {string.Join(", ", model.Kl.Select(nats => $"{nats:0.000}"))}");
    Console.WriteLine($"the report: {folder}/report.html");
    return 0;
}
catch (OrnsteinException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 1;
}

// The network of a place: q on the way up halves the map, p on the way down doubles it. What it gives has twice the layer's channels: means, then widths.
static Module<Tensor, Tensor> ModuleOf(NetworkPlace place) => (place.Input.Axes, place.Output!.Axes) switch
{
    ([var channels, _, var from], [var outputs, _, var to]) when to < from =>
        Sequential(Conv2d(channels, 16, 3, stride: 2, padding: 1), SiLU(), Conv2d(16, outputs, 3, padding: 1)),
    ([var channels, _, _], [var outputs, _, _]) =>
        Sequential(ConvTranspose2d(channels, 16, 4, stride: 2, padding: 1), SiLU(), Conv2d(16, outputs, 3, padding: 1)),
    _ => Sequential(Flatten(), Linear(place.Input.Units, 64), SiLU(), Linear(64, place.Output.Units)),
};
