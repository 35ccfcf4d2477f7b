using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>
/// Which methods let a collection free a native scalar while libtorch reads it. A <see cref="Scalar"/> frees its own in its finalizer, and TorchSharp reads
/// the handle and calls libtorch: from then on nothing holds the object. So a method is exposed where it makes a Scalar and neither disposes it after
/// the call, nor hands it on to its caller, nor keeps it in a static field; or where it calls an exposed one. A method that is given its Scalars is
/// not: its caller answers for them. Where null means that there is none, as in <c>clamp(min, null)</c>, nothing is made. What a module does, whoever makes it
/// answers for: making one whose forward is exposed is, calling one is not.
/// </summary>
internal sealed class ScalarLifetimes
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private readonly Dictionary<MethodBase, MethodBase> _through = []; // what an exposed method calls that is exposed; itself where it makes the Scalar

    /// <summary>Reads the instructions of all methods of an assembly.</summary>
    /// <param name="assembly">TorchSharp, or one like it.</param>
    public ScalarLifetimes(Assembly assembly)
    {
        MethodBase[] methods = [.. assembly.GetTypes().SelectMany(MethodsOf)];
        var overriding = methods.OfType<MethodInfo>().Where(method => !IsOfAModule(method.DeclaringType!))
            .SelectMany(method => Overridden(method).Select(general => (general, method))).ToLookup(pair => pair.general, pair => (MethodBase)pair.method);
        var callers = methods.SelectMany(method => Calls(method).Where(called => called.Module.Assembly == assembly)
            .SelectMany(called => (MethodBase[])[called, .. overriding[called]]).Distinct().Select(called => (method, called))).ToLookup(pair => pair.called, pair => pair.method);
        var open = new Queue<MethodBase>();
        foreach (var method in methods.Where(method => LetsGo(method).Any()))
        {
            _through.Add(method, method);
            open.Enqueue(method);
        }

        while (open.TryDequeue(out var exposed))
        {
            foreach (var caller in callers[exposed])
            {
                if (_through.TryAdd(caller, exposed)) open.Enqueue(caller);
            }
        }
    }

    /// <summary>Those of TorchSharp.</summary>
    public static ScalarLifetimes OfTorchSharp { get; } = new(typeof(torch).Assembly);

    /// <summary>The exposed methods.</summary>
    public IEnumerable<MethodBase> Exposed => _through.Keys;

    /// <summary>From an exposed method to the one that makes the Scalar; null for a method that is not exposed.</summary>
    public string? Chain(MethodBase method)
    {
        if (!_through.TryGetValue(method, out var next)) return null;
        return next == method ? Name(method) : $"{Name(method)} -> {Chain(next)}";
    }

    /// <summary>The instructions of a method that make a Scalar which nothing holds while it is used.</summary>
    public static IEnumerable<Instruction> LetsGo(MethodBase method)
    {
        Instruction[] code = [.. Instruction.Of(method)];
        for (var i = 0; i < code.Length; i++)
        {
            if (!Makes(code[i], method)) continue;
            var next = code[i + 1];
            if (next.Code != OpCodes.Ret && next.Code != OpCodes.Stsfld && !(Stored(next) is { } local && IsLookedAfter(code.AsSpan(i + 2), local, method))) yield return code[i];
        }
    }

    /// <summary>
    /// The methods that a method calls or makes delegates of, each as it is declared. Of an object that the compiler wrote a type for, such as an iterator,
    /// all methods of the type; of a module that is made, its forward.
    /// </summary>
    public static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        foreach (var instruction in Instruction.Of(method).Where(instruction => instruction.NamesAMember))
        {
            if (instruction.Member(method) is not MethodBase { DeclaringType: { IsArray: false } type } called) continue;
            yield return Declared(called);
            if (instruction.Code != OpCodes.Newobj) continue;
            var later = type.IsDefined(typeof(CompilerGeneratedAttribute)) ? MethodsOf(Declared(called).DeclaringType!)
                : IsOfAModule(type) ? type.GetMethods().Where(one => one.Name == "forward").Select(Declared) : [];
            foreach (var one in later) yield return one;
        }
    }

    /// <summary>The methods and constructors that a type declares.</summary>
    public static IEnumerable<MethodBase> MethodsOf(Type type) => [.. type.GetMethods(Own), .. type.GetConstructors(Own)];

    /// <summary>Whether Scalars go in or come out.</summary>
    public static bool HasScalar(MethodBase method) =>
        method.DeclaringType == typeof(Scalar) || method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Scalar)) || (method as MethodInfo)?.ReturnType == typeof(Scalar);

    /// <summary>A method as messages name it.</summary>
    public static string Name(MethodBase method) =>
        $"{method.DeclaringType?.FullName?.Replace('+', '.')}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    private static bool IsOfAModule(Type type) => typeof(torch.nn.Module).IsAssignableFrom(type);

    // The same method of List<int> and of List<string> is one of List<T>.
    private static MethodBase Declared(MethodBase method) => method.Module.ResolveMethod(method.MetadataToken)!;

    private static IEnumerable<MethodBase> Overridden(MethodInfo method)
    {
        if (!method.IsVirtual || method.DeclaringType is not { IsInterface: false } type) yield break;
        var general = Declared(method.GetBaseDefinition());
        if (general != method) yield return general;
        foreach (var implemented in type.GetInterfaces().Where(implemented => implemented.Assembly == type.Assembly))
        {
            var map = type.GetInterfaceMap(implemented);
            for (var i = 0; i < map.TargetMethods.Length; i++)
            {
                if (Declared(map.TargetMethods[i]) == method) yield return Declared(map.InterfaceMethods[i]);
            }
        }
    }

    private static bool Makes(Instruction instruction, MethodBase method) =>
        instruction.Code.OperandType == OperandType.InlineMethod
        && instruction.Member(method) is var made && (made is MethodInfo { ReturnType: var type } ? type == typeof(Scalar) : made.DeclaringType == typeof(Scalar))
        && instruction.Code != OpCodes.Ldftn;

    // Disposed later on, as `using` does, or given back.
    private static bool IsLookedAfter(ReadOnlySpan<Instruction> code, int local, MethodBase method)
    {
        for (var i = 1; i < code.Length; i++)
        {
            if (Loaded(code[i - 1]) != local) continue;
            if (code[i].Code == OpCodes.Ret || (code[i].Code.OperandType == OperandType.InlineMethod && code[i].Member(method).Name == nameof(IDisposable.Dispose))) return true;
        }

        return false;
    }

    private static int? Stored(Instruction instruction) => Local(instruction, "stloc");

    private static int? Loaded(Instruction instruction) => Local(instruction, "ldloc");

    // ldloc.0 to ldloc.3 have the number in their name, ldloc.s and ldloc as an operand.
    private static int? Local(Instruction instruction, string name)
    {
        if (instruction.Code.Name is not { } full || (full != name && !full.StartsWith(name + ".", StringComparison.Ordinal))) return null;
        return char.IsAsciiDigit(full[^1]) ? full[^1] - '0' : instruction.Operand;
    }
}
