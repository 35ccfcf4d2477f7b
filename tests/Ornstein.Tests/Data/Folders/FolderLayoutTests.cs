using Ornstein.Data;

namespace Ornstein.Tests.Data.Folders;

/// <summary>What a folder's own folders mean: parts, classes, wrappers, or nothing that can be told.</summary>
public sealed class FolderLayoutTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train", "val")]
    [InlineData("Train", "Test")]
    [InlineData("train", "valid")]
    [InlineData("training", "testing")]
    [InlineData("TRAINING", "Validation")]
    [InlineData("train_images", "test_images")]
    [InlineData("training_set", "test_set")]
    [InlineData("trainset", "testset")]
    [InlineData("Train ", "test-data")]
    public void Load_PicturesDirectlyInNamedParts_HoldsTheTestPartOut(string train, string test)
    {
        Pictures(train, 20, first: 0);
        Pictures(test, 10, first: 100);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((20, 10), (data.Train.Count, data.Test.Count));
        Assert.True(data.Train.Bytes!.Max() < 100);
        Assert.True(data.Test.Bytes!.Min() >= 100);
        Assert.Null(data.Train.Labels);
        Assert.Null(data.Validation);
    }

    /// <summary>A class whose pictures lie one folder deeper was left out whole, and only counted.</summary>
    [Theory]
    [InlineData("cat", "dog/siamese", "dog/")]
    [InlineData("train/cat", "train/dog/images", "dog/")]
    [InlineData("train/cat/images", "train/dog/images", "cat/, dog/")]
    [InlineData("train/cat", "val/dog/images", "dog/")]
    public void Load_ClassesWhosePicturesLieDeeper_AreRefusedByName(string first, string second, string named)
    {
        Pictures(first, 10, first: 0);
        Pictures(second, 10, first: 100);
        if (first.StartsWith("train", StringComparison.Ordinal)) Pictures("test/cat", 5, first: 0);
        var error = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.Contains($"has class folders whose pictures lie deeper ({named}): put the pictures of a class directly into its folder", error, StringComparison.Ordinal);
    }

    /// <summary>As <c>lost+found</c> of a disk, which its own data set must not be lost by.</summary>
    [Fact]
    public void Load_AFolderWithinThatCannotBeRead_IsPassedOverByName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "needs an unprivileged user");
        if (OperatingSystem.IsWindows()) return;
        Pictures("", 20, first: 0);
        var closed = Directory.CreateDirectory(_folder["lost+found"]);
        closed.UnixFileMode = UnixFileMode.None;
        try
        {
            Assert.Contains("passed over: 1 that cannot be read (lost+found)", DatasetCatalog.Load(_folder.Path).Warnings);
        }
        finally
        {
            // Beside class folders, or with the name of a part, it may be what one wanted to read.
            closed.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }
    }

    [Fact]
    public void Load_ThreeParts_KeepsTheValidationPartForTheCurves()
    {
        Pictures("train", 20, first: 0);
        Pictures("val", 5, first: 100);
        Pictures("test", 10, first: 200);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((20, 5, 10), (data.Train.Count, data.Validation!.Count, data.Test.Count));
        Assert.Equal(100, data.Validation.Bytes!.Min());
        Assert.Empty(data.Warnings);
    }

    [Theory]
    [InlineData("train/{0}", "val/{0}")]
    [InlineData("{0}/train", "{0}/val")]
    [InlineData("{0}/Train", "{0}/Test")]
    public void Load_PartsNestedWithClasses_HasBoth(string train, string test)
    {
        foreach (var (name, i) in new[] { ("cat", 0), ("dog", 1) })
        {
            Pictures(string.Format(null, train, name), 4, first: 10 * i);
            Pictures(string.Format(null, test, name), 2, first: 100 + (10 * i));
        }

        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((8, 4), (data.Train.Count, data.Test.Count));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], data.Train.Labels!.Order());
        Assert.Equal(data.Test.Bytes!.Select(value => value >= 110 ? 1 : 0), data.Test.Labels!);
    }

    [Theory]
    [InlineData("val", "40 PNG under val/")]
    [InlineData("test", "40 PNG under test/")]
    public void Load_NothingToTrainOn_SaysWhatWasSeen(string part, string seen)
    {
        Pictures(part, 40, first: 0);
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.Contains(seen, message, StringComparison.Ordinal);
        Assert.Contains("put those into train/", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_APartBesideWhatMayBeClasses_IsRefused()
    {
        Pictures("train", 5, first: 0);
        Pictures("plane", 5, first: 10);
        Assert.Contains("may be a part or a class", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OnePartTwice_IsRefused()
    {
        foreach (var part in new[] { "train", "val", "valid" }) Pictures(part, 5, first: 0);
        Assert.Contains("are the same part", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OnlyATrainPart_HoldsATenthBackAndSaysSo()
    {
        Pictures("train", 20, first: 0);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((18, 2), (data.Train.Count, data.Test.Count));
        Assert.Contains(data.Warnings, line => line.StartsWith("there is no test part", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".", true)]
    [InlineData("cat", false)]
    public void Load_NeitherPartsNorClasses_SaysWhichAreToTestOn(string folder, bool isSaid)
    {
        Pictures(folder, 20, first: 0);
        if (!isSaid) Pictures("dog", 20, first: 50);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal(isSaid ? 2 : 4, data.Test.Count);
        Assert.Equal(isSaid, data.Warnings.Any(line => line.StartsWith("there are neither parts nor classes: the last tenth", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("MNIST/raw")]
    public void Load_WrapperAroundIdxFiles_IsEntered(string within)
    {
        _folder.Write($"{within}/train-images-idx3-ubyte", TestFiles.IdxImages(3, 1, 2, i => (byte)(40 * i)));
        _folder.Write($"{within}/t10k-images-idx3-ubyte.gz", TestFiles.Gzip(TestFiles.IdxImages(2, 1, 2, i => (byte)(250 - i))));
        Directory.CreateDirectory(_folder["processed"]);
        Assert.Equal(3, DatasetCatalog.Load(_folder.Path).Train.Count);
    }

    [Fact]
    public void Load_ArchivesSingleFolderOfPictures_IsNoClass()
    {
        Pictures("images", 20, first: 0);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((18, 2), (data.Train.Count, data.Test.Count));
        Assert.Null(data.Train.Labels);
    }

    [Fact]
    public void Load_SeveralDataSetsWithin_AsksForOne()
    {
        foreach (var name in new[] { "one", "two" })
        {
            _folder.Write($"{name}/train-images-idx3-ubyte", TestFiles.IdxImages(3, 1, 2, i => (byte)(40 * i)));
            _folder.Write($"{name}/t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, i => (byte)i));
        }

        Assert.Contains("name one of one/, two/", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherFormatsAndHiddenFolders_AreCountedAndNotRead()
    {
        Pictures("cat", 4, first: 0);
        Pictures("dog", 4, first: 10);
        Pictures(".ipynb_checkpoints", 4, first: 20);
        Pictures("__MACOSX", 4, first: 30);
        for (var i = 0; i < 3; i++) _folder.Write($"cat/{i}.gif", [1]);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal(8, data.Train.Count + data.Test.Count);
        Assert.Equal([0, 1], data.Train.Labels!.Distinct().Order());
        Assert.Contains("passed over: 3 .gif, 2 hidden (.ipynb_checkpoints, __MACOSX)", data.Warnings);
    }

    [Fact]
    public void Load_OtherFormatsBesideTheFolderThatIsEntered_AreCounted()
    {
        Pictures("dog", 20, first: 0);
        for (var i = 0; i < 3; i++) _folder.Write($"cat/{i}.gif", [1]);
        _folder.Write("0.gif", [1]);
        Assert.Contains("passed over: 4 .gif", DatasetCatalog.Load(_folder.Path).Warnings);
    }

    [Fact]
    public void Load_APipeAmongThePictures_IsRefusedAndNotWaitedFor()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no pipes in folders there");
        for (var i = 0; i < 4; i++) _folder.Write($"{i}.png", TestFiles.Png(1, 1, (_, _) => 1));
        using (var made = System.Diagnostics.Process.Start("mkfifo", _folder["9.png"])) made.WaitForExit();
        Assert.Contains("9.png", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_IdxTestClassesThatAreNotTrainedOn_IsSaid()
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 1, i => (byte)(200 * i)));
        _folder.Write("train-labels-idx1-ubyte", TestFiles.IdxLabels(1, 0));
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(1, 1, 1, _ => 90));
        _folder.Write("t10k-labels-idx1-ubyte", TestFiles.IdxLabels(5));
        Assert.Contains(DatasetCatalog.Load(_folder.Path).Warnings, line => line.Contains("not trained on (5)", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_IdxBesidePictures_IsRefused()
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(3, 1, 2, i => (byte)(40 * i)));
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, i => (byte)i));
        Pictures("cat", 4, first: 0);
        Pictures("dog", 4, first: 0);
        Assert.Contains("IDX files beside pictures", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PlainAndGzipOfOneName_MustBeTheSame()
    {
        var train = TestFiles.IdxImages(3, 1, 2, i => (byte)(40 * i));
        _folder.Write("train-images-idx3-ubyte", train);
        _folder.Write("train-images-idx3-ubyte.gz", TestFiles.Gzip(train));
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, i => (byte)i));
        Assert.Equal(3, DatasetCatalog.Load(_folder.Path).Train.Count);
        _folder.Write("train-images-idx3-ubyte.gz", TestFiles.Gzip(TestFiles.IdxImages(3, 1, 2, _ => 9)));
        Assert.Contains("differ in their content", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train/cat", "test")]
    [InlineData("train", "test/cat")]
    public void Load_ClassesInOnePartAlone_GivesNoLabelsToProbe(string train, string test)
    {
        Pictures(train, 6, first: 0);
        Pictures(test, 4, first: 100);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.True(data.Train.Labels is null || data.Test.Labels is null);
        Assert.DoesNotContain(-1, (data.Train.Labels ?? []).Concat(data.Test.Labels ?? []));
        Assert.Contains(data.Warnings, line => line.Contains("no labels to probe", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("B", "is called 'b'")]
    [InlineData("c", "the classes there are a, b")]
    public void Load_ATestClassThatIsNotTrainedOn_IsRefusedByName(string name, string why)
    {
        Pictures("train/a", 3, first: 0);
        Pictures("train/b", 3, first: 10);
        Pictures("test/a", 3, first: 20);
        Pictures($"test/{name}", 3, first: 30);
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TestPartThatIsTheTrainingPart_IsSaid()
    {
        Pictures("train", 6, first: 0);
        Pictures("test", 6, first: 0);
        Assert.Contains(DatasetCatalog.Load(_folder.Path).Warnings, line => line.StartsWith("every datum of the test part is in the training part", StringComparison.Ordinal));
        Pictures("test", 7, first: 0);
        Assert.Contains("6 of the 7 test data are in the training part as well", DatasetCatalog.Load(_folder.Path).Warnings);
    }

    [Fact]
    public void Load_FolderSortedByClass_MixesTheClasses()
    {
        for (var label = 0; label < 10; label++) Pictures($"{label}", 40, first: 20 * label, distinct: 5);
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal(360, data.Train.Count);
        Assert.Equal(10, data.Train.Labels![^36..].Distinct().Count()); // what a validation part takes
        Assert.Equal(10, data.Train.Labels![..36].Distinct().Count());
        Assert.Equal(10, data.Test.Labels![..20].Distinct().Count());
        Assert.All(data.Train.Bytes!.Zip(data.Train.Labels!), row => Assert.Equal(row.Second, row.First / 20));
    }

    [Fact]
    public void Load_IdxSortedByClass_MixesTheClassesAndKeepsAnyOtherOrder()
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(40, 1, 1, i => (byte)(200 + i)));
        _folder.Write("train-labels-idx1-ubyte", TestFiles.IdxLabels([.. Enumerable.Range(0, 40).Select(i => (byte)(i / 10))]));
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(4, 1, 1, i => (byte)(200 + i)));
        _folder.Write("t10k-labels-idx1-ubyte", TestFiles.IdxLabels(1, 0, 3, 2));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal(4, data.Train.Labels![^6..].Distinct().Count());
        Assert.All(data.Train.Bytes!.Zip(data.Train.Labels!), row => Assert.Equal(row.Second, (row.First - 200) / 10));
        Assert.Equal([200, 201, 202, 203], data.Test.Bytes!);
    }

    [Theory]
    [InlineData("emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-images-idx3-ubyte")]
    [InlineData("cat/0.webp", "0.webp under cat/")]
    public void Load_NothingRecognised_SaysWhatWasSeen(string file, string seen)
    {
        _folder.Write(file, TestFiles.Png(1, 1, (_, _) => 1));
        Assert.Contains($"Seen: {seen}", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ClassesTwoLevelsDown_SaysWhatWasSeen()
    {
        Pictures("animals/cat", 3, first: 0);
        Pictures("tools/saw", 3, first: 0);
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.Contains("3 PNG under animals/cat/; 3 PNG under tools/saw/", message, StringComparison.Ordinal);
        Assert.Contains("directly into its folder", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(77)]
    public void IsConstant_OneGrey_IsTrue(byte grey)
    {
        for (var i = 0; i < 10; i++) _folder.Write($"{i}.png", TestFiles.Png(2, 2, (_, _) => grey));
        var data = DatasetCatalog.Load(_folder.Path);
        Assert.True(data.Train.IsConstant());
        Assert.False(DataSplit.FromBytes([1, 1, 1, 2], 2).IsConstant());
        Assert.False(DataSplit.FromBytes([1, 2], 2).IsConstant());
    }

    // Pictures of one pixel, of values from 'first' on.
    private void Pictures(string folder, int count, int first, int distinct = 256)
    {
        for (var i = 0; i < count; i++)
        {
            var value = (byte)(first + (i % distinct));
            _folder.Write($"{folder}/{i:000}.png", TestFiles.Png(1, 1, (_, _) => value));
        }
    }
}
