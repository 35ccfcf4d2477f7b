using System.Runtime.InteropServices;
using Ornstein.Randomness;
using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>
/// The parameters and gradients of all members in one flat buffer each. Every named parameter is a leaf tensor
/// [members, rows, columns] that views a whole block of the values, and its gradient is accumulated in place into the same block of
/// the gradients: an optimizer makes one pass over two buffers instead of a loop over tensors.
/// </summary>
public sealed class StackParameters : IDisposable
{
    private readonly Dictionary<string, Tensor> _views = [];
    private readonly List<Tensor> _gradientViews = [];
    private StackParameters? _held;

    /// <summary>Parameters of every member at their initial values: a pure function of each member's seed.</summary>
    public StackParameters(ParameterLayout layout, IReadOnlyList<Member> members)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(members);
        Layout = layout;
        Members = members.Count;
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Values = zeros(layout.Length * Members).DetachFromDisposeScope();
        Gradients = zeros(layout.Length * Members).DetachFromDisposeScope();
        foreach (var entry in layout.Entries) Initialise(entry, members);
        foreach (var entry in layout.Entries)
        {
            var view = Block(Values, entry).requires_grad_().DetachFromDisposeScope();
            var gradient = Block(Gradients, entry).DetachFromDisposeScope();
            view.grad = gradient;
            _views.Add(entry.Name, view);
            _gradientViews.Add(gradient);
        }
    }

    // The same values without gradients.
    private StackParameters(StackParameters source)
    {
        (Layout, Members, Values, Gradients) = (source.Layout, source.Members, source.Values.detach().DetachFromDisposeScope(), source.Gradients.alias().DetachFromDisposeScope());
        foreach (var entry in Layout.Entries) _views.Add(entry.Name, Block(Values, entry).DetachFromDisposeScope());
    }

    /// <summary>Where each parameter lies.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Number of members.</summary>
    public int Members { get; }

    /// <summary>All values, float32 [members * length].</summary>
    public Tensor Values { get; }

    /// <summary>All gradients of the last backward passes since they were cleared, float32 [members * length].</summary>
    public Tensor Gradients { get; }

    /// <summary>The same parameters, constants to autograd: gradients pass through networks to their inputs only.</summary>
    internal StackParameters Held => _held ??= new StackParameters(this);

    /// <summary>The leaf tensor of one parameter, [members, rows, columns].</summary>
    public Tensor this[ParameterEntry entry] => _views[entry.Name];

    /// <summary>A parameter's block of a flat buffer, as a view [members, rows, columns].</summary>
    public Tensor Block(Tensor flat, ParameterEntry entry)
    {
        ArgumentNullException.ThrowIfNull(flat);
        ArgumentNullException.ThrowIfNull(entry);
        return flat.narrow(0, entry.Offset * Members, (long)entry.Rows * entry.Columns * Members).view(Members, entry.Rows, entry.Columns);
    }

    /// <summary>The memory of a parameter's block of a flat buffer, members * rows * columns numbers, row-major.</summary>
    public Span<float> Memory(Tensor flat, ParameterEntry entry)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(Block(flat, entry).bytes);
    }

    /// <summary>Whether every value of one member is a finite number: nothing can be measured or drawn with others.</summary>
    /// <param name="member">Which member.</param>
    public bool IsFinite(int member)
    {
        foreach (var entry in Layout.Entries)
        {
            var size = entry.Rows * entry.Columns;
            foreach (var value in Memory(Values, entry).Slice(member * size, size))
            {
                if (!float.IsFinite(value)) return false;
            }
        }

        return true;
    }

    /// <summary>Gives a member the values of a member of another stack, whose rho, seed and remedies may be others.</summary>
    /// <param name="member">Which member of this stack.</param>
    /// <param name="source">The other stack, or this one.</param>
    /// <param name="from">Which of its members.</param>
    /// <exception cref="OrnsteinException">The other stack is of another architecture; nothing was changed.</exception>
    public void TakeMember(int member, StackParameters source, int from)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (Layout.DifferenceTo(source.Layout) is { } difference)
            throw new OrnsteinException($"the parameters are those of another architecture: {difference}.");
        foreach (var (own, other) in Layout.Entries.Zip(source.Layout.Entries))
        {
            var size = own.Rows * own.Columns;
            source.Memory(source.Values, other).Slice(from * size, size).CopyTo(Memory(Values, own).Slice(member * size, size));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held?.Dispose();
        foreach (var view in _views.Values) view.Dispose();
        foreach (var view in _gradientViews) view.Dispose();
        Values.Dispose();
        Gradients.Dispose();
    }

    private void Initialise(ParameterEntry entry, IReadOnlyList<Member> members)
    {
        var target = Block(Values, entry);
        if (entry.InitialValue != 0) target.fill_(entry.InitialValue);
        if (entry.InitialBound == 0) return;
        var bySeed = new Dictionary<long, Tensor>();
        for (var i = 0; i < members.Count; i++)
        {
            var seed = members[i].Seed;
            if (!bySeed.TryGetValue(seed, out var initial))
            {
                var uniform = RandomKey.FromSeed(seed).At("initial").At(entry.Name).Uniform(entry.Rows, entry.Columns);
                initial = uniform.mul(2 * entry.InitialBound).sub(entry.InitialBound - entry.InitialValue);
                bySeed.Add(seed, initial);
            }

            target[i].copy_(initial);
        }
    }
}
