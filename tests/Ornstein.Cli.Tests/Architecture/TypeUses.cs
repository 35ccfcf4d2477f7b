using System.Reflection;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>
/// Which types of this project a type uses: in its bases, members and attributes, and in what its methods compile to. A nested type counts as the one
/// around it. What the compiler writes into the user as a number or a text (constants, values of enums) leaves no trace there; the directives
/// of the sources tell of those (<see cref="SourceUses"/>).
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The uses of the types of an assembly, of types of any assembly of this project.</summary>
    public static IEnumerable<Arrow> Of(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => In(type).SelectMany(Parts).Select(Outermost).Distinct()
            .Where(IsOfThisProject).Select(used => (From: Outermost(type), To: used)))
        .Where(use => use.From != use.To && IsOfThisProject(use.From))
        .Distinct()
        .Select(use => new Arrow(use.From.Namespace!, use.From.Name, use.To.Namespace!, use.To.Name));

    // A compiler's own types, such as those that hold the bytes of arrays, have no namespace.
    private static bool IsOfThisProject(Type type) =>
        type.Namespace is { } space && (space == "Ornstein" || space.StartsWith("Ornstein.", StringComparison.Ordinal));

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } around) type = around;
        return type;
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        if (type.IsGenericParameter) return [];
        return type.IsConstructedGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }

    private static IEnumerable<Type> In(Type type)
    {
        if (type.BaseType is { } above) yield return above;
        foreach (var implemented in type.GetInterfaces()) yield return implemented;
        foreach (var attribute in Attributes(type)) yield return attribute;
        foreach (var limit in type.GetGenericArguments().Where(argument => argument.IsGenericParameter).SelectMany(argument => argument.GetGenericParameterConstraints()))
            yield return limit;
        foreach (var member in type.GetMembers(Own))
        {
            foreach (var attribute in Attributes(member)) yield return attribute;
            if (member is FieldInfo field) yield return field.FieldType;
            if (member is not MethodBase method) continue;
            if (method is MethodInfo { ReturnType: { } result }) yield return result;
            foreach (var parameter in method.GetParameters()) yield return parameter.ParameterType;
            foreach (var used in Body(method)) yield return used;
        }
    }

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(attribute => (Type[])
    [
        attribute.AttributeType,
        .. attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>(),
        .. attribute.NamedArguments.Select(argument => argument.TypedValue.Value).OfType<Type>(),
    ]);

    private static IEnumerable<Type> Body(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body) yield break;
        foreach (var local in body.LocalVariables) yield return local.LocalType;
        foreach (var clause in body.ExceptionHandlingClauses)
        {
            if (clause.Flags == ExceptionHandlingClauseOptions.Clause && clause.CatchType is { } caught) yield return caught;
        }

        foreach (var instruction in Instruction.Of(method).Where(instruction => instruction.NamesAMember))
        {
            var used = instruction.Member(method);
            if (used is Type type) yield return type;
            else if (used.DeclaringType is { } declaring) yield return declaring;
            if (used is not MethodInfo { IsGenericMethod: true } generic) continue;
            foreach (var argument in generic.GetGenericArguments()) yield return argument;
        }
    }
}
