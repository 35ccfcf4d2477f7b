using Ornstein.Results;
using Ornstein.View.Documents;

namespace Ornstein.Cli.Tests.View;

/// <summary>Which epochs of a training are drawn.</summary>
public sealed class EpochDocumentTests
{
    private static readonly EpochMetrics[] _epochs =
    [
        .. Enumerable.Range(1, 3280).Select(epoch => new EpochMetrics
        {
            Epoch = epoch, Step = epoch, LearningRate = 1, Loss = [epoch], Reconstruction = [1], Kl = [[1], [2]], ImagesPerSecond = 1,
        }),
    ];

    [Theory]
    [InlineData(0, 548, 1)]
    [InlineData(1, 548, 1)]
    [InlineData(2000, 428, 2000)]
    [InlineData(3000, 281, 3000)]
    [InlineData(3280, 1, 3280)]
    public void From_ALaterEpoch_DrawsWhatIsLeftTheFiner(long from, int points, int first)
    {
        var document = EpochDocument.From(_epochs, key: null, from);
        Assert.Equal(points, document.Epochs.Length);
        Assert.Equal((first, 3280, 3280), (document.Epochs[0], document.Epochs[^1], document.Of));
        Assert.Equal(document.Epochs.Select(epoch => (double?)-epoch), document.Values[0]);
    }

    [Fact]
    public void From_AnEpochThatIsToCome_HasNoneButSaysWhatThereIs()
    {
        var document = EpochDocument.From(_epochs, "kl-z2", 3281);
        Assert.Empty(document.Epochs);
        Assert.Equal((3280, "kl-z2"), (document.Of, document.Key));
        Assert.Equal(EpochDocument.From(_epochs, key: null).Keys, document.Keys);
    }
}
