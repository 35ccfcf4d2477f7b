namespace Ornstein.Kill;

/// <summary>A small library in C that is loaded before the C library (LD_PRELOAD). Its source is part of this program, and it is compiled here.</summary>
internal static class PreloadedLibrary
{
    /// <summary>Compiles one into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name of the source, without its ending.</param>
    /// <returns>Its path; null where there is no C compiler, or not Linux.</returns>
    public static string? Build(string folder, string name)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var (source, library) = (Path.Combine(folder, name + ".c"), Path.Combine(folder, name + ".so"));
        using (var resource = typeof(PreloadedLibrary).Assembly.GetManifestResourceStream(name + ".c")!)
        using (var file = File.Create(source)) resource.CopyTo(file);
        try
        {
            return Child.Run(folder, ["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"]).Code == 0 ? library : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
