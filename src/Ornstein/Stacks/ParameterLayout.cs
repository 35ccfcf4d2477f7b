namespace Ornstein.Stacks;

/// <summary>One named parameter of a model, of any shape, with its place in the flat parameter buffer.</summary>
/// <param name="Name">Dotted name, such as <c>q1.hidden1.weight</c>.</param>
/// <param name="Shape">Its shape in a single member.</param>
/// <param name="Offset">First element in the buffer of a single member; in a stack the block starts at offset * members.</param>
/// <param name="Initial">What it begins with.</param>
public sealed record ParameterEntry(string Name, Shape Shape, long Offset, InitialValues Initial)
{
    /// <summary>Number of numbers in a single member.</summary>
    public int Size { get; } = Shape.Units;

    /// <summary>Numbers along the last axis: outputs of a weight.</summary>
    public int Columns { get; } = Shape.Axes[^1];

    /// <summary>Numbers along all other axes together: inputs of a weight, 1 for a vector.</summary>
    public int Rows => Size / Columns;

    /// <summary>Whether gradients move it; else it is a running mean or a constant.</summary>
    public bool IsTrained { get; init; } = true;
}

/// <summary>
/// Where every parameter lies in the flat buffer. Each block starts on a 64-byte boundary, so that products over the views are as
/// fast as over separate tensors.
/// </summary>
public sealed class ParameterLayout
{
    private const int Alignment = 16; // floats
    private readonly List<ParameterEntry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Every parameter, in order of offset.</summary>
    public IReadOnlyList<ParameterEntry> Entries => _entries;

    /// <summary>Length of the buffer for each member, padding included.</summary>
    public long Length { get; private set; }

    /// <summary>Number of parameters of a member, without padding.</summary>
    public long Count => _entries.Sum(entry => (long)entry.Size);

    /// <summary>Adds a parameter at the end.</summary>
    /// <param name="name">Its name, which no other has.</param>
    /// <param name="shape">Its shape in a single member.</param>
    /// <param name="initial">What it begins with.</param>
    /// <param name="isTrained">Whether gradients move it.</param>
    /// <exception cref="OrnsteinException">There is one of that name.</exception>
    public ParameterEntry Add(string name, Shape shape, InitialValues initial, bool isTrained = true)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!_names.Add(name)) throw new OrnsteinException($"there are two parameters '{name}'; give each a name of its own.");
        var entry = new ParameterEntry(name, shape, Length, initial) { IsTrained = isTrained };
        _entries.Add(entry);
        Length = (Length + entry.Size + Alignment - 1) / Alignment * Alignment;
        return entry;
    }

    /// <summary>The first parameter in which another layout differs by name or size, in words; null where there is none.</summary>
    internal string? DifferenceTo(ParameterLayout other)
    {
        static string Text(ParameterEntry? entry) => entry is null ? "nothing" : $"{entry.Name} of [{string.Join(", ", entry.Shape.Axes)}]";
        for (var i = 0; i < Math.Max(_entries.Count, other._entries.Count); i++)
        {
            var (own, others) = (Text(_entries.ElementAtOrDefault(i)), Text(other._entries.ElementAtOrDefault(i)));
            if (own != others) return $"{others} in the place of {own}";
        }

        return null;
    }
}
