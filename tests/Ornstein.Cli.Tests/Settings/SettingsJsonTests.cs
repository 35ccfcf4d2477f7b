using System.Text.Json;
using CsCheck;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Tests.Settings;

public class SettingsJsonTests
{
    [Fact]
    public void Parse_WhatWriteWrote_GivesTheSameSettings() =>
        SettingsBinderTests.RandomSettings.Sample(
            settings =>
            {
                string json = SettingsJson.Write(settings, Provenance.Of("ornstein phase", DateTimeOffset.UnixEpoch));
                RunSettings back = SettingsJson.Parse(json, "config.json", new RunSettings());
                Assert.Equal(json, SettingsJson.Write(back, Provenance.Of("ornstein phase", DateTimeOffset.UnixEpoch)));
                Assert.Equal(settings.Rho, back.Rho);
            },
            iter: 100);

    [Fact]
    public void Write_Run_HasEverySettingAndProvenance()
    {
        using JsonDocument document =
            JsonDocument.Parse(SettingsJson.Write(RunSettings.ForPhase, Provenance.Of("ornstein phase", DateTimeOffset.UnixEpoch)));
        JsonElement root = document.RootElement;
        Assert.All(SettingsSchema.Run, setting => Assert.True(root.TryGetProperty(setting.Key, out _), setting.Key));
        Assert.Equal("leaky-relu", root.GetProperty("activation").GetString());
        Assert.Equal(0.3, root.GetProperty("rho")[1].GetDouble());
        JsonElement provenance = root.GetProperty("provenance");
        Assert.Equal("ornstein phase", provenance.GetProperty("command").GetString());
        Assert.Equal("0.1.0", provenance.GetProperty("ornstein").GetString());
        Assert.StartsWith("0.107.0", provenance.GetProperty("torchSharp").GetString());
    }

    [Theory]
    [InlineData("""{ "epocs": 3 }""", "config.json: unknown key \"epocs\"; did you mean 'epochs'?")]
    [InlineData("""{ "Epochs": 3 }""", "config.json: unknown key \"Epochs\"; did you mean 'epochs'?")]
    [InlineData("""{ "qqqqqq": 3 }""", "config.json: unknown key \"qqqqqq\"")]
    [InlineData("""{ "epochs": "many" }""", "config.json: \"epochs\" should be a whole number, but is the text \"many\"")]
    [InlineData("""{ "epochs": 1.5 }""", "config.json: \"epochs\" should be a whole number, but is '1.5'")]
    [InlineData("""{ "checkpointSeconds": 1e999 }""", "config.json: \"checkpointSeconds\" should be a finite number, but is '1e999'")]
    [InlineData("""{ "rho": [[0.5, 1e999]] }""", "config.json: \"rho\" should be a finite number, but is '0.5:1e999'")]
    [InlineData("""{ "remedy": ["warm-up:1e999"] }""", "config.json: \"remedy\" warm-up:1e999 should have a finite number, but has '1e999'")]
    [InlineData("""{ "epochs": null }""", "config.json: \"epochs\" should be a whole number, but is null")]
    [InlineData("""{ "latents": 8 }""", "config.json: \"latents\" should be a list of whole numbers, or of shapes such as 8x14x14, but is the number 8")]
    [InlineData("""{ "latents": [] }""", "config.json: \"latents\" should be a list of whole numbers, or of shapes such as 8x14x14, but is the list []")]
    [InlineData("""{ "latents": [8, "x"] }""", "config.json: \"latents\" should be a list of whole numbers, or of shapes such as 8x14x14, but is 'x'")]
    [InlineData("""{ "rho": [[0.5, []]] }""", "config.json: \"rho\" should be a list, each entry a number between 0 and 1")]
    [InlineData("""{ "data": 3 }""", "config.json: \"data\" should be text, but is the number 3")]
    [InlineData("""{ "data": {} }""", "config.json: \"data\" should be text, but is an object")]
    [InlineData("""{ "smooth": "qp" }""", "config.json: \"smooth\" should be one of p, q, pq, but is 'qp'; did you mean 'pq'?")]
    [InlineData("""{ "remedy": "none" }""", "config.json: \"remedy\" should be a list, each entry none, or remedies joined by '+' such as \"warm-up:20+beta:0.5\", but is the text")]
    [InlineData("""{ "remedy": [0.5] }""", "config.json: \"remedy\" should be a list, each entry none, or remedies joined by '+'")]
    [InlineData("""{ "remedy": ["none", "betta:2"] }""", "config.json: \"remedy\" betta:2: there is no remedy 'betta'; did you mean 'beta'?")]
    [InlineData("""{ "ladder": 1 }""", "config.json: \"ladder\" should be true or false, but is '1'")]
    [InlineData("""{ "batch": 1, "batch": 2 }""", "config.json: \"batch\" is given twice")]
    [InlineData("[1, 2]", "config.json should be a JSON object with settings, such as { \"epochs\": 20 }, but is the list [1, 2]")]
    [InlineData("{\n  \"epochs\": 3\n  \"batch\": 4 }", "config.json is not valid JSON: look at line 3, column 3")]
    [InlineData("", "config.json is not valid JSON: look at line 1, column 1")]
    public void Parse_Mistake_NamesFileAndKeyAndWhatIsRight(string json, string message)
    {
        var exception = Assert.Throws<OrnsteinException>(() => SettingsJson.Parse(json, "config.json", new RunSettings()));
        Assert.StartsWith(message, exception.Message);
        Assert.True(UsageError.Is(exception));
    }

    [Fact]
    public void Parse_FileOfAVersionWithoutRemedies_HasNone()
    {
        RunSettings settings = SettingsJson.Parse("""{ "rho": [0.5, 1] }""", "config.json", new RunSettings()).Validate();
        Assert.Equal(("none", false, false), (SettingText.Format(settings.Remedy), settings.Ladder, settings.BatchNorm));
        Assert.True(SettingsJson.Parse("""{ "ladder": true }""", "config.json", new RunSettings()).Ladder);
    }

    [Fact]
    public void Parse_NegativeZero_IsZero()
    {
        RunSettings settings = SettingsJson.Parse("""{ "rho": [-0, [-0.0, 1]], "remedy": ["anneal:to=-0"] }""", "config.json", new RunSettings());
        Assert.Equal(("0,0:1", "anneal:to=0"), (SettingText.Format(settings.Rho), SettingText.Format(settings.Remedy)));
    }

    [Fact]
    public void Parse_EmptyLists_AreAllowedWhereNoneIs()
    {
        Assert.Empty(SettingsJson.Parse("""{ "hidden": [] }""", "c", new RunSettings()).Hidden);
        Assert.Empty(SettingsJson.Parse("""{ "hidden": "none" }""", "c", new RunSettings()).Hidden);
    }

    [Fact]
    public void Read_Folder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "is a folder; give a JSON file", Assert.Throws<OrnsteinException>(() => SettingsJson.Read(folder.Path, new())).Message);
    }

    [Fact]
    public void Bind_RangeMistakeInFile_IsAUsageError()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith("--epochs 0 is out of range", Shell.Mistake("phase", "--config", folder.File("c.json", """{"epochs": 0}""")));
    }
}
