using System.Text.Json.Serialization;

namespace Ornstein.Results;

/// <summary>
/// How a layer is alive, by what it tells about the data (docs/evaluation.md). The words are the same in JSON, tables and pages:
/// <see cref="LayerVerdicts.Word"/>.
/// </summary>
public enum LayerVerdict
{
    /// <summary>It tells nothing about the data, and costs next to nothing.</summary>
    [JsonStringEnumMemberName("collapsed")]
    Collapsed,

    /// <summary>It tells about the data by how wide q is, and by that alone.</summary>
    [JsonStringEnumMemberName("alive in widths")]
    AliveInWidths,

    /// <summary>It tells about the data by where q lies, and by that alone.</summary>
    [JsonStringEnumMemberName("alive in means")]
    AliveInMeans,

    /// <summary>It tells about the data by where q lies and by how wide it is.</summary>
    [JsonStringEnumMemberName("both")]
    Both,

    /// <summary>It tells nothing about the data, and has a KL all the same.</summary>
    [JsonStringEnumMemberName("noise")]
    Noise,

    /// <summary>Its information is not known well enough.</summary>
    [JsonStringEnumMemberName("cannot say")]
    CannotSay,
}

/// <summary>The words for verdicts.</summary>
public static class LayerVerdicts
{
    /// <summary>The word that stands for a verdict everywhere.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string Word(this LayerVerdict verdict) => verdict switch
    {
        LayerVerdict.Collapsed => "collapsed",
        LayerVerdict.AliveInWidths => "alive in widths",
        LayerVerdict.AliveInMeans => "alive in means",
        LayerVerdict.Both => "both",
        LayerVerdict.Noise => "noise",
        LayerVerdict.CannotSay => "cannot say",
        _ => throw new InvalidOperationException($"{verdict} is no verdict."),
    };
}
