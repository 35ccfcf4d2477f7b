namespace Ornstein.Kill;

/// <summary>A run of a kind that nothing disturbed.</summary>
/// <param name="Inputs">The folder with what such a run begins with.</param>
/// <param name="Results">What it left.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Pages">How many pages of disk its results take.</param>
/// <param name="Calls">How many calls wrote.</param>
/// <param name="Bytes">How many bytes they wrote.</param>
internal sealed record Undisturbed(string Inputs, SortedDictionary<string, string> Results, double Seconds, long Pages, long Calls, long Bytes)
{
    /// <summary>Makes what the kind reads, and one run of it. The results stay below <c>whole</c>.</summary>
    public static Undisturbed Make(RunKind kind, Place place)
    {
        place.Empty();
        kind.Prepare(place.Run);
        var inputs = place.Keep("inputs", kind.Name);
        place.Fill(inputs);
        var before = Kill.Results.Pages(place.Run);
        var ending = Child.Run(place.Run, Child.Words(kind.Arguments), place.Library?.Variables(place.Run, "", 0));
        if (ending.Code != 0) throw new OrnsteinException($"The undisturbed run of {kind.Name} ended with {ending.Code}: {ending.Error}");
        var (results, after) = (Kill.Results.Of(place.Run), Kill.Results.Pages(place.Run));
        var (calls, bytes, _) = place.Library?.Report() ?? default;
        place.Keep("whole", kind.Name);
        return new(inputs, results, ending.Seconds, after - before, calls, bytes);
    }
}
