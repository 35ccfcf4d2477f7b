using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>
/// The parameters and gradients of all members in one flat buffer each. Every named parameter is a leaf tensor
/// [members, shape...] that views a whole block of the values, and its gradient is accumulated in place into the same block of
/// the gradients: an optimizer makes one pass over two buffers instead of a loop over tensors.
/// </summary>
public sealed class StackParameters : IDisposable
{
    private readonly int _stride, _first; // members in a block of the buffers, and the first of these members
    private readonly Dictionary<string, Tensor> _views = [];
    private readonly List<Tensor> _gradientViews = [];
    private readonly Dictionary<object, object> _companions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, StackParameters> _single = [];
    private StackParameters? _held;

    /// <summary>Parameters of every member at their initial values: a pure function of each member's seed.</summary>
    public StackParameters(ParameterLayout layout, IReadOnlyList<Member> members)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(members);
        Layout = layout;
        _stride = Members = members.Count;
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Values = zeros(layout.Length * Members).DetachFromDisposeScope();
        Gradients = zeros(layout.Length * Members).DetachFromDisposeScope();
        // Seed by seed, since a network may make all its parameters at once.
        foreach (var seed in members.Index().GroupBy(member => member.Item.Seed, member => member.Index))
        {
            foreach (var entry in layout.Entries) entry.Initial.Fill(Block(Values, entry), entry.Name, seed.Key, seed);
        }

        View(isHeld: false);
    }

    // The same values: of one member, or of all, with gradients or without.
    private StackParameters(StackParameters source, int first, int members, bool isHeld)
    {
        (Layout, Members, _stride, _first) = (source.Layout, members, source._stride, source._first + first);
        (Values, Gradients) = (source.Values.detach().DetachFromDisposeScope(), source.Gradients.alias().DetachFromDisposeScope());
        IsHeld = isHeld;
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        View(isHeld);
    }

    /// <summary>The same parameters on a device, as they are now: copies, which their own gradients move.</summary>
    internal StackParameters(StackParameters source, Device device)
    {
        (Layout, Members, _stride) = (source.Layout, source.Members, source.Members);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Values = source.Values.to(device, copy: true).DetachFromDisposeScope();
        Gradients = zeros_like(Values).DetachFromDisposeScope();
        View(isHeld: false);
    }

    /// <summary>Where each parameter lies.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Number of members.</summary>
    public int Members { get; }

    /// <summary>All values, float32 [members * length].</summary>
    public Tensor Values { get; }

    /// <summary>All gradients of the last backward passes since they were cleared, float32 [members * length].</summary>
    public Tensor Gradients { get; }

    /// <summary>Where they lie.</summary>
    public Device Device => Values.device;

    /// <summary>Whether that is the processor's memory.</summary>
    internal bool IsOnProcessor => Values.device_type == DeviceType.CPU;

    /// <summary>Whether these are constants to autograd.</summary>
    internal bool IsHeld { get; }

    /// <summary>The same parameters, constants to autograd: gradients pass through networks to their inputs only.</summary>
    internal StackParameters Held => IsHeld ? this : _held ??= new StackParameters(this, 0, Members, isHeld: true);

    /// <summary>The leaf tensor of one parameter, [members, shape...].</summary>
    public Tensor this[ParameterEntry entry] => _views[entry.Name];

    /// <summary>A parameter's block of a flat buffer, as a view [members, shape...].</summary>
    public Tensor Block(Tensor flat, ParameterEntry entry)
    {
        ArgumentNullException.ThrowIfNull(flat);
        ArgumentNullException.ThrowIfNull(entry);
        return flat.narrow(0, (entry.Offset * _stride) + ((long)_first * entry.Size), (long)entry.Size * Members)
            .view([Members, .. entry.Shape.Axes.Select(axis => (long)axis)]);
    }

    /// <summary>The memory of a parameter's block of a flat buffer on the processor, members * size numbers, row-major.</summary>
    public Span<float> Memory(Tensor flat, ParameterEntry entry)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(Block(flat, entry).bytes);
    }

    /// <summary>A parameter's block of a flat buffer to read, wherever it lies: its memory on the processor, else a copy.</summary>
    internal ReadOnlySpan<float> Read(Tensor flat, ParameterEntry entry)
    {
        if (IsOnProcessor) return Memory(flat, entry);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return Block(flat, entry).cpu().data<float>().ToArray();
    }

    /// <summary>Writes a parameter's block of a flat buffer, wherever it lies.</summary>
    /// <param name="flat">The buffer.</param>
    /// <param name="entry">The parameter.</param>
    /// <param name="write">Is given the block's numbers, members * size, to fill all of them.</param>
    internal void Write(Tensor flat, ParameterEntry entry, WriteBlock write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (IsOnProcessor)
        {
            write(Memory(flat, entry));
            return;
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var block = Block(flat, entry);
        var values = new float[block.numel()];
        write(values);
        block.copy_(tensor(values, block.shape, device: CPU));
    }

    /// <summary>Whether every value of one member is a finite number: nothing can be measured or drawn with others.</summary>
    /// <param name="member">Which member.</param>
    public bool IsFinite(int member)
    {
        foreach (var entry in Layout.Entries)
        {
            foreach (var value in Read(Values, entry).Slice(member * entry.Size, entry.Size))
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
        using var guard = no_grad();
        foreach (var (own, other) in Layout.Entries.Zip(source.Layout.Entries))
        {
            using var scope = NewDisposeScope();
            Block(Values, own).narrow(0, member, 1).copy_(source.Block(source.Values, other).narrow(0, from, 1));
        }
    }

    /// <summary>Takes all values of the same parameters on another device.</summary>
    internal void Take(StackParameters source)
    {
        using var guard = no_grad();
        Values.copy_(source.Values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held?.Dispose();
        foreach (var single in _single.Values) single.Dispose();
        foreach (var companion in _companions.Values.OfType<IDisposable>()) companion.Dispose();
        foreach (var view in _views.Values) view.Dispose();
        foreach (var view in _gradientViews) view.Dispose();
        Values.Dispose();
        Gradients.Dispose();
    }

    /// <summary>One member's parameters, as leaf tensors [1, shape...] of their own over the same values and gradients.</summary>
    /// <param name="member">Which member.</param>
    internal StackParameters Single(int member)
    {
        if (!_single.TryGetValue(member, out var single)) _single.Add(member, single = new StackParameters(this, member, 1, IsHeld));
        return single;
    }

    /// <summary>What an owner keeps with these parameters; made once, and disposed with them.</summary>
    internal T Companion<T>(object owner, Func<T> make)
        where T : class
    {
        if (!_companions.TryGetValue(owner, out var companion)) _companions.Add(owner, companion = make());
        return (T)companion;
    }

    private void View(bool isHeld)
    {
        foreach (var entry in Layout.Entries)
        {
            var view = Block(Values, entry).DetachFromDisposeScope();
            _views.Add(entry.Name, view);
            if (isHeld) continue;
            view.requires_grad_();
            var gradient = Block(Gradients, entry).DetachFromDisposeScope();
            view.grad = gradient;
            _gradientViews.Add(gradient);
        }
    }
}

/// <summary>Fills numbers.</summary>
/// <param name="values">Where they go.</param>
internal delegate void WriteBlock(Span<float> values);
