namespace Ornstein.Data.Folders;

/// <summary>Numbers the class folders of the training part. Whoever has pictures outside of any class has no labels.</summary>
internal static class PictureClasses
{
    /// <summary>Labels of the training, validation and test part, null where a part has none, and what is to be said of it.</summary>
    /// <exception cref="OrnsteinException">A part has a class that is not trained on.</exception>
    public static (int[]?[] Labels, string? Warning) Of(PictureParts parts)
    {
        string[] classes = [.. Classes(parts.Train).Order(StringComparer.Ordinal)];
        int[]? Labels(IReadOnlyList<Picture> pictures, string part)
        {
            if (classes.Length == 0 || pictures.Count == 0 || pictures[0].Class is null) return null;
            foreach (var name in Classes(pictures).Where(name => !classes.Contains(name, StringComparer.Ordinal))) throw Unknown(name, part, classes);
            return [.. pictures.Select(picture => Array.IndexOf(classes, picture.Class))];
        }

        int[]?[] labels = [Labels(parts.Train, "to train on"), Labels(parts.Validation, "for the curves"), Labels(parts.Test, "to test on")];
        var (trainHas, testHas) = (parts.Train[0].Class is not null, parts.Test[0].Class is not null);
        var warning = trainHas == testHas ? null
            : $"the pictures to {(trainHas ? "train" : "test")} on lie in class folders and those to {(trainHas ? "test" : "train")} on do not: "
                + "there are no labels to probe";
        return (labels, warning);
    }

    private static IEnumerable<string> Classes(IReadOnlyList<Picture> pictures) => pictures.Select(picture => picture.Class).OfType<string>().Distinct(StringComparer.Ordinal);

    private static OrnsteinException Unknown(string name, string part, string[] classes)
    {
        var alike = Array.Find(classes, other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase));
        return new OrnsteinException(alike is null
            ? $"The class '{name}' of the pictures {part} has none to train on; the classes there are {FolderWords.List(classes)}."
            : $"The class '{name}' of the pictures {part} is called '{alike}' where they are to train on: give both folders one name.");
    }
}
