namespace Ornstein.Data;

/// <summary>Loads a set by its name and holds it to what it says: what contradicts itself is one line that names it, before anything is trained on it.</summary>
internal static class SoundDataset
{
    public static Dataset Of(IDatasetSource source, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var description = source.Description;
        var data = Load(source, options, progress, cancellation);
        if (Fault(data, description) is { } fault) throw new OrnsteinException($"data set '{description.Name}' {fault}.");
        return data.Name == description.Name ? data : data with { Name = description.Name };
    }

    // What the set's own code trips over, such as labels of another number than rows. Files, cancelling and refusals have words of their own.
    private static Dataset Load(IDatasetSource source, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return source.Load(options, progress, cancellation);
        }
        catch (Exception mistake) when (mistake is ArgumentException or ArithmeticException or FormatException or IndexOutOfRangeException
            or InvalidDataException or InvalidOperationException or KeyNotFoundException or NullReferenceException)
        {
            throw new OrnsteinException($"data set '{source.Description.Name}' cannot be loaded: {mistake.Message.ReplaceLineEndings(" ").TrimEnd('.')}.", mistake);
        }
    }

    private static string? Fault(Dataset? data, DatasetDescription description)
    {
        if (data?.Train is null || data.Test is null) return "gives no data; a set has a training and a test part";
        (string Name, DataSplit Part)[] parts =
            [("training", data.Train), .. data.Validation is { } validation ? [("validation", validation)] : Array.Empty<(string, DataSplit)>(), ("test", data.Test)];
        if (data.Kind != description.Kind) return $"is described as {Word(description.Kind)} and gives {Word(data.Kind)} data";
        if (data.Shape != description.Shape) return $"is described as {Word(description.Shape)} and gives {Word(data.Shape)}";
        foreach (var (name, part) in parts)
        {
            if (part.Count == 0) return $"has no {name} data; every part it has needs one row at least";
            if (part.Features != data.Train.Features)
                return $"has {data.Train.Features} features in its training part and {part.Features} in its {name} part; they must be equal";
            if (Content(part, data.Kind) is { } content) return $"has a {name} part {content}";
            if (part.Labels?.Min() < 0) return $"has a {name} part with the label {part.Labels.Min()}; classes count from 0";
        }

        if (data.Shape is not { } shape) return null;
        if (shape.Height < 1 || shape.Width < 1 || shape.Channels < 1) return $"has images of {shape}; every number of it must be 1 or more";
        return shape.Count == data.Features ? null : $"has images of {shape}, which are {shape.Count} numbers, and rows of {data.Features}";
    }

    private static string? Content(DataSplit part, PixelKind kind)
    {
        if (kind == PixelKind.Real != (part.Bytes is null)) return kind == PixelKind.Real ? "of bytes, and says they are real numbers" : "of real numbers, and says they are bytes";
        if (kind == PixelKind.Binary && part.Bytes.AsSpan().ContainsAnyExcept((byte)0, byte.MaxValue)) return "with bytes other than 0 and 255, and says they are binary";
        return part.Reals is { } reals && Array.Exists(reals, value => !float.IsFinite(value)) ? "with numbers that are not finite" : null;
    }

    private static string Word(PixelKind kind) => kind.ToString().ToLowerInvariant();

    private static string Word(ImageShape? shape) => shape is null ? "no images" : $"images of {shape}";
}
