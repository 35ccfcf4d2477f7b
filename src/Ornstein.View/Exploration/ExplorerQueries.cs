namespace Ornstein.View.Exploration;

/// <summary>What the page asks about one model. Points have a value for every unit of every layer, z1 first; pictures are levels of 0 to 255 in base 64.</summary>
internal record ModelQuery
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>The round of refinement that trained the model; 0 for the run's first models.</summary>
    public int Round { get; init; }

    /// <summary>Its place among those that were trained together.</summary>
    public required int Place { get; init; }
}

/// <summary>A point of a test datum's q, or, without one, of the prior.</summary>
internal sealed record PointQuery : ModelQuery
{
    public int? Datum { get; init; }

    public long Seed { get; init; }
}

/// <summary>What a point decodes to.</summary>
internal sealed record BelowQuery : ModelQuery
{
    public required float[][] Point { get; init; }

    /// <summary>The lowest layer that stays, from 0 for z1.</summary>
    public required int Lowest { get; init; }

    /// <summary>Draws the layers below; null: they are p's means.</summary>
    public long? Seed { get; init; }

    public int Count { get; init; } = 1;
}

/// <summary>The way from one point to another.</summary>
internal sealed record MorphQuery : ModelQuery
{
    public required float[][] From { get; init; }

    public required float[][] To { get; init; }

    /// <summary>The lowest layer that goes.</summary>
    public required int Lowest { get; init; }

    public int Steps { get; init; } = 9;
}

/// <summary>Samples and reconstructions.</summary>
internal sealed record PicturesQuery : ModelQuery
{
    public long Seed { get; init; }

    public int Count { get; init; } = 12;
}

/// <summary>The form of a model's pictures.</summary>
internal sealed record PictureForm(int Height, int Width, int Channels);

/// <summary>A layer of the model: what its units are under p, and how much each tells of the data, where that was measured.</summary>
internal sealed record LayerDocument(string Shape, float[] Mean, float[] Deviation, double[]? Information, double[]? Variance);

/// <summary>A model that one can look into.</summary>
internal sealed record ExplorerDocument(PictureForm Pictures, int Data, LayerDocument[] Layers);

/// <summary>A point and its picture.</summary>
internal sealed record PointDocument(float[][] Point, byte[] Picture, byte[]? Original);

/// <summary>Pictures, one after another.</summary>
internal sealed record PicturesDocument(byte[] Pictures, byte[]? Originals = null, byte[]? Samples = null);
