using System.Text.Json;
using Ornstein.Experiments.Settings;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Stacks;

namespace Ornstein.Cli.Tests.Settings;

/// <summary>A configuration names any remedy that is known, and says what to do about one that is not.</summary>
public sealed class OwnRemedyEntryTests
{
    public OwnRemedyEntryTests()
    {
        Remedy.Register(Pull.Kind);
        Remedy.Register(new Still());
    }

    [Theory]
    [InlineData("pull:0.5", "pull:0.5")]
    [InlineData("pull:0.5:to=3:by=layer+beta:2", "beta:2+pull:0.5:to=3:by=layer")]
    [InlineData("still+pull:1:to=1:by=unit+warm-up:3", "warm-up:3+pull:1+still")]
    [InlineData("pull:0", "none")]
    public void ToString_OfOwnRemedies_StandsAfterTheLibrarysAndReadsBack(string given, string canonical)
    {
        var entry = RemedyEntry.Parse(given, "--remedy");
        Assert.Equal(canonical, entry.ToString());
        Assert.Equal(entry.Remedy, RemedyEntry.Parse(canonical, "--remedy").Remedy);
        Assert.Equal(entry.Remedy, JsonSerializer.Deserialize<RemedyEntry>(JsonSerializer.Serialize(entry, ResultJson.Indented), ResultJson.Indented)!.Remedy);
        Assert.Equal(canonical == "none" ? null : canonical, RemedyEntry.NameOf(new Member(1, 0) { Remedy = entry.Remedy }));
    }

    [Fact]
    public void Write_SettingsWithOwnRemedies_AreReadBackAndGoOnTheCommandLine()
    {
        var settings = Shell.Settings("--remedy", "none,pull:2:to=3+beta:2,still");
        Assert.Equal(["none", "beta:2+pull:2:to=3", "still"], settings.Remedy.Select(entry => entry.ToString()));
        Assert.Equal(settings.Remedy, SettingsJson.Parse(SettingsJson.Write(settings, null), "config.json", new RunSettings()).Validate().Remedy);
        Assert.Equal([new Pull(2, 3, "unit")], RunPlan.Members(settings).First(member => member.Remedy.Parts.Count == 2).Remedy.Parts.OfType<Pull>());
    }

    [Theory]
    [InlineData("pull", "--remedy pull lacks its value, a number of pulls; it is written pull:VALUE[:to=...][:by=...]")]
    [InlineData("pull:x", "--remedy pull:x should have a number of pulls, but has 'x'; it is written pull:VALUE[:to=...][:by=...]")]
    [InlineData("pull:1:by=row", "--remedy pull:1:by=row: by should be one of unit, layer, but is 'row'")]
    [InlineData("pull:-1", "--remedy pull:-1: a pull is -1; it must be at least 0")]
    [InlineData("pull:99", "--remedy pull:99: a pull is 99; it must be at most 9")]
    [InlineData("pull:1+pull:2", "--remedy pull:1+pull:2 has pull twice; give it once")]
    [InlineData("still:1", "--remedy still:1: '1' has no place there; it is written still")]
    [InlineData("pulll:1", "--remedy pulll:1: there is no remedy 'pulll'; did you mean 'pull'?")]
    public void Bind_MistakeInAnOwnRemedy_NamesThePieceAndWhatIsRight(string remedy, string message) =>
        Assert.Equal(message, Shell.Mistake("phase", "--remedy", remedy));

    [Fact]
    public void Parse_ANameThatIsNotRegistered_SaysHowToRegisterIt()
    {
        var message = Assert.Throws<OrnsteinException>(() => SettingsJson.Parse("""{ "remedy": ["beta:2+unheard-of:3"] }""", "config.json", RunSettings.ForPhase)).Message;
        Assert.StartsWith("config.json: \"remedy\" beta:2+unheard-of:3: there is no remedy 'unheard-of'; there are none, warm-up,", message, StringComparison.Ordinal);
        Assert.EndsWith("; one of your own is known in a program that registers it (Remedy.Register)", message, StringComparison.Ordinal);
    }

    /// <summary>A run's files keep texts alone: what they would not bring back is refused before it trains.</summary>
    [Fact]
    public void Validate_ARemedyThatItsTextDoesNotBringBack_IsRefused()
    {
        static string Mistake(IRemedy remedy) => Assert.Throws<OrnsteinException>(() =>
            (RunSettings.ForPhase with { Remedy = [RemedyEntry.Of(Remedy.Of(remedy))] }).Validate()).Message;
        Assert.Contains("there is no remedy 'never-registered'", Mistake(new Silent("never-registered")), StringComparison.Ordinal);
        Assert.StartsWith("--remedy still is read back as another remedy: one of your own is a record, and Written says", Mistake(new Silent("still")), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BranchesWithAnOwnSchedule_AreRefused() => Assert.Contains(
        "--remedy pull:1 is one whose KL weight moves while it trains",
        Assert.Throws<OrnsteinException>(() => (RunSettings.ForPhase with
        {
            Branches = BranchChoice.Both, Remedy = [RemedyEntry.Parse("pull:1", "--remedy")],
        }).Validate()).Message, StringComparison.Ordinal);

    private sealed record Pull(double Much, double To, string By) : IRemedy
    {
        public static RemedyKind Kind { get; } = new("pull", text =>
        {
            var much = text.Number();
            if (much < 0) throw new OrnsteinException($"a pull is {much}; it must be at least 0.");
            return much == 0 ? null : new Pull(much, text.Number("to", 1), text.Choice("by", ("unit", "unit"), ("layer", "layer")));
        })
        {
            Value = "a number of pulls", Keys = ["to", "by"],
        };

        public string Name => Kind.Name;

        public WrittenRemedy? Written => new WrittenRemedy(Name, Much).With("to", To, standard: 1).With("by", By == "unit" ? null : By);

        public void Validate(int layers)
        {
            if (Much > 9) throw new OrnsteinException($"a pull is {Much}; it must be at most 9.");
        }

        public double KlWeight(int layer, TrainingClock clock) => 1 - (0.5 * clock.Progress);
    }

    private sealed record Still : IRemedy
    {
        public string Name => "still";
    }

    private sealed record Silent(string Name) : IRemedy;
}
