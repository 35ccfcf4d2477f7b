namespace Ornstein.Steps.Operations;

/// <summary>Knows, while a program is built from its end to its start, which gradients are written already.</summary>
internal sealed class GradientFlow
{
    private readonly HashSet<Slot> _written = [];

    /// <summary>Whether the next gradient of this slot is to be added to what is there.</summary>
    public bool Adds(Slot slot) => !_written.Add(slot);
}
