using System.Globalization;

namespace Ornstein.Cli.CommandLine;

/// <summary>The culture of the program: none. Numbers that are printed, stored and read back look the same whatever the user's language.</summary>
internal static class ProgramCulture
{
    /// <summary>
    /// Sets it for this thread and those to come. The build asks the runtime for it too, which a variable of the environment
    /// (<c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0</c>) overrules.
    /// </summary>
    public static void Set()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }
}
