namespace Ornstein.Stacks;

/// <summary>One named matrix of a model, with its place in the flat parameter buffer.</summary>
/// <param name="Name">Dotted name, such as <c>q1.hidden1.weight</c>.</param>
/// <param name="Rows">Rows: inputs of a weight, 1 for a bias.</param>
/// <param name="Columns">Columns: outputs.</param>
/// <param name="Offset">First element in the buffer of a single member; in a stack the block starts at offset * members.</param>
/// <param name="InitialBound">Initial values are drawn from U(-bound, bound) around <paramref name="InitialValue"/>; 0 starts there.</param>
/// <param name="InitialValue">Middle of the initial values.</param>
public sealed record ParameterEntry(string Name, int Rows, int Columns, long Offset, double InitialBound, double InitialValue = 0);

/// <summary>
/// Where every parameter lies in the flat buffer. Each block starts on a 64-byte boundary, so that products over the views are as
/// fast as over separate tensors.
/// </summary>
public sealed class ParameterLayout
{
    private const int Alignment = 16; // floats
    private readonly List<ParameterEntry> _entries = [];

    /// <summary>Every parameter, in order of offset.</summary>
    public IReadOnlyList<ParameterEntry> Entries => _entries;

    /// <summary>Length of the buffer for each member, padding included.</summary>
    public long Length { get; private set; }

    /// <summary>Number of parameters of a member, without padding.</summary>
    public long Count => _entries.Sum(entry => (long)entry.Rows * entry.Columns);

    /// <summary>The first parameter in which another layout differs by name or size, in words; null where there is none.</summary>
    internal string? DifferenceTo(ParameterLayout other)
    {
        static string Text(ParameterEntry? entry) => entry is null ? "nothing" : $"{entry.Name} of [{entry.Rows}, {entry.Columns}]";
        for (var i = 0; i < Math.Max(_entries.Count, other._entries.Count); i++)
        {
            var (own, others) = (Text(_entries.ElementAtOrDefault(i)), Text(other._entries.ElementAtOrDefault(i)));
            if (own != others) return $"{others} in the place of {own}";
        }

        return null;
    }

    internal ParameterEntry Add(string name, int rows, int columns, double initialBound, double initialValue = 0)
    {
        var entry = new ParameterEntry(name, rows, columns, Length, initialBound, initialValue);
        _entries.Add(entry);
        var end = Length + ((long)rows * columns);
        Length = (end + Alignment - 1) / Alignment * Alignment;
        return entry;
    }
}
