using System.Runtime.InteropServices;
using Ornstein.Kernels;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>What an operation works on: a part of a member's batch, in a workspace.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Frame
{
    private readonly float* _whole, _slots; // what holds all data of the batch, and what holds those of a slice
    private readonly int _start;            // first datum of the slice
    private readonly ParameterMemory _parameters;

    private Frame(in Frame other, int first, int count)
    {
        this = other;
        (First, Count) = (first, count);
    }

    private Frame(in Frame other, Workspace workspace, int first, int count)
        : this(other, first, count)
    {
        _slots = workspace.Slots;
        _start = first;
    }

    public Frame(WorkspacePlan plan, Workspace workspace, ParameterMemory parameters, int member, int first, int count, Workspace packing)
    {
        _whole = _slots = workspace.Slots;
        _parameters = parameters;
        Gradients = workspace.Gradient;
        Panel = packing.Panel;
        Strips = packing.Strips;
        (Member, Batch, First, Count) = (member, plan.Batch, first, count);
    }

    /// <summary>Which member.</summary>
    public readonly int Member;

    /// <summary>Data of the whole batch.</summary>
    public readonly int Batch;

    /// <summary>First datum of the part: of a slice's, or a multiple of 16.</summary>
    public readonly int First;

    /// <summary>Data of the part.</summary>
    public readonly int Count;

    /// <summary>Memory for packing the factors of products.</summary>
    public readonly float* Panel;

    /// <summary>Memory for packing transposed factors.</summary>
    public readonly float* Strips;

    /// <summary>Gradient of the member's parameters.</summary>
    public readonly float* Gradients;

    /// <summary>A part of this part.</summary>
    /// <param name="first">Its first datum, from this part's, a multiple of 16.</param>
    /// <param name="count">Number of data.</param>
    public Frame Part(int first, int count) => new(this, First + first, count);

    /// <summary>Some of the data, as a slice: what is made of them lies at the beginning of the slots of a workspace, whichever they are.</summary>
    /// <param name="first">First datum.</param>
    /// <param name="count">Number of data.</param>
    /// <param name="workspace">Where it lies; what is given or drawn for the whole batch, and the gradient of parameters, are where they are.</param>
    public Frame Slice(int first, int count, Workspace workspace) => new(this, workspace, first, count);

    /// <summary>A parameter of the member, row by row.</summary>
    public float* Parameter(ParameterEntry entry) => _parameters.Value(entry, Member);

    /// <summary>The part's values of a slot in one of its draws.</summary>
    public float* Value(Slot slot, int draw = 0) => Slots(slot) + slot.Value + Place(slot, draw);

    /// <summary>The part's gradient of a slot in one of its draws.</summary>
    /// <exception cref="InvalidOperationException">It has none: what is written there would go into other slots.</exception>
    public float* Gradient(Slot slot, int draw = 0) =>
        slot.HasGradient ? Slots(slot) + slot.Gradient + Place(slot, draw) : throw new InvalidOperationException("an operation asks for the gradient of a slot that has none.");

    /// <summary>Numbers of the member that all parts read (<see cref="WorkspacePlan.AddShared"/>).</summary>
    public float* Shared(long place) => _slots + place;

    /// <summary>Numbers of the part in one draw of a slot.</summary>
    public int Floats(Slot slot) => Count * slot.Width;

    /// <summary>The part's rows of two slots with as many draws as blocks of rows without gaps: one block where the draws of both join up.</summary>
    public (int Blocks, int Rows) Rows(Slot slot, Slot other) =>
        Count == slot.BlockRows && Count == other.BlockRows ? (1, slot.Draws * Count) : (slot.Draws, Count);

    private float* Slots(Slot slot) => slot.IsWhole ? _whole : _slots;

    private nint Place(Slot slot, int draw) => (((nint)draw * slot.BlockRows) + (slot.IsWhole ? First : First - _start)) * slot.Width;
}
