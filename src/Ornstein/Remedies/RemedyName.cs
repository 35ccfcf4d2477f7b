namespace Ornstein.Remedies;

/// <summary>What results call a remedy: parts joined by <c>+</c>, as they are written, and <c>joint</c> for that form of the objective.</summary>
public static class RemedyName
{
    /// <summary>Its name; null for no remedy. Two remedies have one name where they train alike.</summary>
    public static string? Of(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        var parts = remedy.Parts.Select(part => part.Written).OfType<WrittenRemedy>().Select(written => written.ToString()).ToList();
        if (remedy.Form == ObjectiveForm.Joint && remedy.Importance is null) parts.Add("joint"); // importance weights are of joint samples anyway
        return parts.Count == 0 ? null : string.Join('+', parts);
    }

    /// <summary>A name in results of any version, as it is written now; null for no remedy.</summary>
    internal static string? Current(string? name) => name is null ? null : string.Join('+', name.Split('+').Select(part =>
    {
        var end = part.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? Remedy.CurrentName(part) : Remedy.CurrentName(part[..end]) + part[end..];
    }));
}
