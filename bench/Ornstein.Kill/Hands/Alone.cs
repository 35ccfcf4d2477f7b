namespace Ornstein.Kill.Hands;

/// <summary>What one process makes that nothing disturbs.</summary>
/// <param name="Inputs">The folder with what it begins with.</param>
/// <param name="Results">What it left.</param>
internal sealed record Alone(string Inputs, SortedDictionary<string, string> Results)
{
    /// <summary>Makes it.</summary>
    public static Alone Make(HandsSetting setting, Place place)
    {
        place.Empty();
        setting.Prepare(place.Run);
        var inputs = place.Keep("inputs", setting.Name);
        place.Fill(inputs);
        foreach (var words in setting.Alone) Child.Expect(place.Run, words);
        var results = Kill.Results.Of(place.Run);
        place.Keep("whole", setting.Name);
        return new(inputs, results);
    }
}
