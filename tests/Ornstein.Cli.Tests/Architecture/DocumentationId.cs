using System.Reflection;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>Names of members as the compiler writes them into documentation, by which analyzers know them too.</summary>
internal static class DocumentationId
{
    /// <summary>That of a method or constructor; of an accessor that of its property.</summary>
    public static string Of(MethodBase method)
    {
        var type = Named(method.DeclaringType!);
        var parameters = method.GetParameters().Select(parameter => Used(parameter.ParameterType));
        if (method is MethodInfo { IsSpecialName: true } accessor && (accessor.Name.StartsWith("get_", StringComparison.Ordinal) || accessor.Name.StartsWith("set_", StringComparison.Ordinal)))
            return $"P:{type}.{accessor.Name[4..]}{List(accessor.Name[0] == 's' ? parameters.SkipLast(1) : parameters)}";
        var generic = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";
        var result = method is MethodInfo { Name: "op_Implicit" or "op_Explicit" } conversion ? $"~{Used(conversion.ReturnType)}" : "";
        return $"M:{type}.{method.Name.Replace('.', '#')}{generic}{List(parameters)}{result}";
    }

    private static string List(IEnumerable<string> parameters) => parameters.Any() ? $"({string.Join(',', parameters)})" : "";

    private static string Named(Type type) => type.FullName!.Replace('+', '.');

    private static string Used(Type type)
    {
        if (type.IsByRef) return $"{Used(type.GetElementType()!)}@";
        if (type.IsPointer) return $"{Used(type.GetElementType()!)}*";
        if (type.IsArray) return $"{Used(type.GetElementType()!)}[{string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank() > 1 ? type.GetArrayRank() : 0))}]";
        if (type.IsGenericParameter) return $"{(type.DeclaringMethod is null ? "`" : "``")}{type.GenericParameterPosition}";
        if (!type.IsConstructedGenericType) return Named(type);
        // Arguments of the types around a nested one stand with those types.
        var (arguments, name) = (new Queue<Type>(type.GetGenericArguments()), "");
        foreach (var part in Named(type.GetGenericTypeDefinition()).Split('.'))
        {
            var split = part.Split('`');
            name += (name.Length > 0 ? "." : "") + split[0];
            if (split.Length > 1) name += $"{{{string.Join(',', Enumerable.Range(0, int.Parse(split[1])).Select(_ => Used(arguments.Dequeue())))}}}";
        }

        return name;
    }
}
