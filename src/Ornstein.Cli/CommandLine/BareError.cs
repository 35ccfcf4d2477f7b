using System.Text;
using Microsoft.Win32.SafeHandles;
using Ornstein.Experiments.Text;

namespace Ornstein.Cli.CommandLine;

/// <summary>Standard error where there are hardly any files to be had.</summary>
internal static class BareError
{
    /// <summary>Says a line on standard error without what takes more files, the console among it.</summary>
    /// <returns>The exit code of a failure.</returns>
    public static int Refuse(string line)
    {
        try
        {
            using var error = new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 1);
            error.Write(Encoding.UTF8.GetBytes($"{Product.Name}: {line}\n"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The exit code is left.
        }

        return ExitCodes.Failure;
    }
}
