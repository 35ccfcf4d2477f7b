using System.Runtime.InteropServices;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>Where the parameters of a stack lie.</summary>
/// <param name="members">Members of the stack.</param>
/// <param name="values">Address of the flat buffer.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct ParameterMemory(int members, nint values)
{
    /// <summary>A parameter of a member, row by row.</summary>
    public float* Value(ParameterEntry entry, int member) =>
        (float*)values + (entry.Offset * members) + ((long)member * entry.Size);
}
