// Opens a finished run, says what its top layer tells of the data at every rho, and saves the run's figure:
//     dotnet run samples/open-run/open-run.cs runs/NAME figure.png
// In a folder of your own, or with the packages, its first lines are others: docs/own-model.md.
#:project ../../src/Ornstein.Experiments/Ornstein.Experiments.csproj
#:property PublishAot=false

using Ornstein;
using Ornstein.Experiments;

if (args is not [var folder, var figure])
{
    Console.Error.WriteLine("give the folder of a run and the figure to write: dotnet run open-run.cs runs/NAME figure.png");
    return 2;
}

try
{
    var run = Run.Open(folder);
    var top = run.Settings.Latents.Length;
    foreach (var models in run.Result.Members.GroupBy(member => member.Rho))
    {
        // In nats, under q, one number for each seed; a model that diverged has none.
        var information = models.Where(model => model.Information is not null).Select(model => model.Information![^1].Value);
        Console.WriteLine($"rho {models.Key}: I(x; z{top}) = {string.Join(", ", information.Select(nats => $"{nats:0.000}"))}");
    }

    run.Figure().Save(figure);
    return 0;
}
catch (OrnsteinException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 1;
}
