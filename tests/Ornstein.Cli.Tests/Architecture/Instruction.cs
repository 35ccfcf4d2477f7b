using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>An instruction of a compiled method.</summary>
/// <param name="At">Where it stands: bytes from the start of the method.</param>
/// <param name="Code">What it does.</param>
/// <param name="Operand">What it does it with, where that is a number of at most 32 bits: a token, the number of a local variable, a distance.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Instruction(int At, OpCode Code, int Operand)
{
    private static readonly Dictionary<int, OpCode> _codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Whether it names a type, a method or a field.</summary>
    public bool NamesAMember => Code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok;

    /// <summary>Those of a method, in the order in which they stand; none of a method without a body.</summary>
    public static IEnumerable<Instruction> Of(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length;)
        {
            var start = at;
            int value = code[at++];
            if (value == 0xFE) value = (value << 8) | code[at++];
            var operation = _codes[value];
            yield return new Instruction(start, operation, operation.OperandType switch
            {
                OperandType.InlineNone or OperandType.InlineI8 or OperandType.InlineR => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => code[at],
                OperandType.InlineVar => BitConverter.ToUInt16(code, at),
                _ => BitConverter.ToInt32(code, at),
            });
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    /// <summary>The type, method or field that it names in a method.</summary>
    public MemberInfo Member(MethodBase method) => method.Module.ResolveMember(
        Operand, method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null)!;
}
