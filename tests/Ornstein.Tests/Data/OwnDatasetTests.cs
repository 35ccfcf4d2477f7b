using System.Security.Cryptography;
using Ornstein.Batching;
using Ornstein.Data;

namespace Ornstein.Tests.Data;

/// <summary>Data sets of one's own, of public parts alone: known by their name, and held to what they say.</summary>
public class OwnDatasetTests
{
    [Fact]
    public void Register_ASet_IsKnownByItsNameAsAnyOther()
    {
        Assert.False(DatasetCatalog.IsKnown("own-plain"));
        DatasetCatalog.Register(new OwnSet("own-plain"));
        DatasetCatalog.Register(new OwnSet("own-plain")); // the same one
        Assert.True(DatasetCatalog.IsKnown("own-plain"));
        Assert.Equal("digits", DatasetCatalog.Names[0]); // the default stays
        Assert.Contains("own-plain", DatasetCatalog.Names);
        Assert.Contains(DatasetCatalog.All, description => description.Name == "own-plain");
        var data = DatasetCatalog.Load("own-plain");
        Assert.Equal(("own-plain", 4, 3), (data.Name, data.Train.Count, data.Features));
        Assert.Empty(DatasetCatalog.Fetch("own-plain"));
        Assert.Null(DatasetCatalog.FindFolder("own-plain"));
        Assert.Contains("there is nothing to get from 'https'", Message(() => DatasetCatalog.Fetch("own-plain", "https")), StringComparison.Ordinal);
    }

    [Fact]
    public void Register_NameThatIsTakenOrWrong_IsRefused()
    {
        Assert.Equal("there is a data set 'digits' already; give another name.", Message(() => DatasetCatalog.Register(new OwnSet("digits"))));
        foreach (var name in new[] { "", "Own", "my set", "a/b", "../a" })
            Assert.StartsWith($"a data set is named '{name}'; a name has lower-case letters", Message(() => DatasetCatalog.Register(new OwnSet(name))), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NameThatNobodyRegistered_SaysHowTo() => Assert.EndsWith(
        "nor a folder; one of your own is known in a program that registers it (DatasetCatalog.Register).", Message(() => DatasetCatalog.Load("own-nowhere")),
        StringComparison.Ordinal);

    public static TheoryData<string, string> Nonsense => new()
    {
        { "null", "gives no data" },
        { "no-rows", "has no training data" },
        { "no-test", "has no test data" },
        { "no-validation", "has no validation data" },
        { "features", "has 3 features in its training part and 2 in its test part; they must be equal" },
        { "shape", "has images of 2x2x3, which are 12 numbers, and rows of 3" },
        { "negative-shape", "has images of -1x-3; every number of it must be 1 or more" },
        { "labels", "cannot be loaded: 3 labels for 4 rows" },
        { "negative-label", "has a training part with the label -1; classes count from 0" },
        { "infinite", "has a test part with numbers that are not finite" },
        { "bytes", "has a training part of bytes, and says they are real numbers" },
        { "grey", "has a training part with bytes other than 0 and 255, and says they are binary" },
        { "kind", "is described as real and gives intensity data" },
        { "description", "is described as no images and gives images of 1x3" },
        { "bug", "cannot be loaded: Index was outside the bounds of the array" },
    };

    /// <summary>Every kind of nonsense is one line that names the set.</summary>
    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Load_ASetThatContradictsItself_IsOneLineThatNamesIt(string fault, string why)
    {
        DatasetCatalog.Register(new OwnSet($"wrong-{fault}", fault));
        var message = Message(() => DatasetCatalog.Load($"wrong-{fault}"));
        Assert.StartsWith($"data set 'wrong-{fault}' {why}", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>Stored runs are held to their fingerprints: of grey rows it is what it was before there were channels.</summary>
    [Fact]
    public void Fingerprint_OfRows_TellsChannelsApartAndIsTheOldOneWithoutThem()
    {
        byte[] pixels = [0, 1, 2, 3, 4, 5];
        using var grey = DataRows.FromPixels(pixels, 6, Binarization.None, training: true);
        using var colour = DataRows.FromPixels(pixels, 6, Binarization.None, training: true, channels: 3);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([1, 0, .. pixels])), grey.Fingerprint.Sha256);
        Assert.NotEqual(grey.Fingerprint, colour.Fingerprint);
        Assert.Equal((new DataRange(0, 1) { IsLevels = true }, new DataRange(0, 1, 3) { IsLevels = true }), (grey.Range(), colour.Range()));
        using var reals = DataRows.FromReals([-1, 2, 0], 3, channels: 3);
        Assert.Equal(new DataRange(-1, 2, 3), reals.Range());
    }

    private static string Message(Action action) => Assert.Throws<OrnsteinException>(action).Message;

    private sealed record OwnSet(string Name, string Fault = "") : IDatasetSource
    {
        public DatasetDescription Description { get; } = new()
        {
            Name = Name,
            Summary = "made for a test",
            Kind = Fault == "grey" ? PixelKind.Binary : PixelKind.Real,
            Shape = Fault == "shape" ? new(2, 2, 3) : Fault == "negative-shape" ? new(-1, -3) : null,
            TrainCount = 4,
            TestCount = 2,
            AlwaysPresent = true,
        };

        public Dataset Load(DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
        {
            if (Fault == "null") return null!;
            int[] labels = Fault == "labels" ? [0, 1, 0] : Fault == "negative-label" ? [0, -1, 0, 0] : [0, 1, 0, 1];
            if (Fault == "bug") labels[labels.Length]++;
            return new Dataset
            {
                Name = Name,
                Kind = Fault == "kind" ? PixelKind.Intensity : Description.Kind,
                Shape = Fault == "description" ? new(1, 3) : Description.Shape,
                Train = Fault == "no-rows" ? DataSplit.FromReals([], 3)
                    : Fault is "bytes" or "grey" ? DataSplit.FromBytes([0, 255, 7], 3) : DataSplit.FromReals(new float[12], 3, labels),
                Validation = Fault == "no-validation" ? DataSplit.FromReals([], 3) : null,
                Test = Fault == "no-test" ? DataSplit.FromReals([], 3) : Fault == "features" ? DataSplit.FromReals(new float[4], 2)
                    : Fault == "infinite" ? DataSplit.FromReals([0, float.NaN, 1], 3) : DataSplit.FromReals(new float[6], 3),
                Attribution = "made",
            };
        }
    }
}
