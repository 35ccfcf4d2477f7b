using Ornstein.Remedies;

namespace Ornstein.Experiments.Settings;

/// <summary>A remedy of a stored run that this program has not registered: its text can be shown, and no model can have it.</summary>
/// <param name="Text">As the run wrote it.</param>
internal sealed record UnregisteredRemedy(string Text) : IRemedy
{
    /// <inheritdoc/>
    public string Name => Text.Split(':')[0];

    /// <inheritdoc/>
    public WrittenRemedy? Written => new(Text);

    /// <inheritdoc/>
    public void Validate(int layers) => Remedy.Named(Name); // says how to register it
}
