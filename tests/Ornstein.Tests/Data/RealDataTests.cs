using System.Diagnostics;
using Ornstein.Data;

namespace Ornstein.Tests.Data;

/// <summary>The published files themselves, where they are: in the folder a variable names, or in the cache.</summary>
public class RealDataTests
{
    [Theory]
    [InlineData("mnist", "ORNSTEIN_TEST_MNIST", 5, 7, 0.1307, 0.3081)]
    [InlineData("fashion-mnist", "ORNSTEIN_TEST_FASHION_MNIST", 9, 9, 0.2860, 0.3530)]
    public void Load_RealFiles_IsTheKnownData(string name, string variable, int firstTrain, int firstTest, double mean, double deviation)
    {
        var folder = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : DatasetCatalog.FindFolder(name);
        if (folder is null)
            Assert.Skip($"{name} is not here: set {variable} to a folder that holds its four files, or run 'ornstein data get {name}'.");
        var data = DatasetCatalog.Load(folder);
        Assert.Equal((60_000, 10_000, 784), (data.Train.Count, data.Test.Count, data.Features));
        Assert.Equal((PixelKind.Intensity, new ImageShape(28, 28)), (data.Kind, data.Shape));
        Assert.Equal((firstTrain, firstTest), (data.Train.Labels![0], data.Test.Labels![0]));
        Assert.Equal(10, data.Train.Labels.Distinct().Count());
        // The mean and deviation by which everyone normalises these sets.
        var average = data.Train.Bytes!.Average(b => b / 255.0);
        Assert.Equal(mean, average, 1e-4);
        Assert.Equal(deviation, Math.Sqrt(data.Train.Bytes!.Average(b => (b / 255.0 - average) * (b / 255.0 - average))), 1e-4);
        var clock = Stopwatch.StartNew();
        DatasetCatalog.Load(folder);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 10_000); // 0.3 s on a machine that does nothing else
    }
}
