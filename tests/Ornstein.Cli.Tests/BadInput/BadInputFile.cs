using System.Globalization;
using System.Runtime.CompilerServices;
using Ornstein.Fuzzing.Inputs;
using Ornstein.Tests.Data;

namespace Ornstein.Cli.Tests.BadInput;

/// <summary>A case: a command line, the exit code, and a piece of the line that it is refused with.</summary>
internal sealed record BadInputCase(string Text, string[] Arguments, int Code, string Piece);

/// <summary>
/// A file of cases, beside this one. A line is a case (<c>phase --epochs 0 => 2 | --epochs 0 is out of range</c>), a remark (<c>#</c>), or something that lies in the folder in which
/// the cases are run:
/// <code>
/// folder NAME           a folder
/// file NAME = TEXT      a file of text
/// bytes NAME = HEX      a file of bytes
/// png NAME = SIDE       a sound picture
/// run NAME              the folder of a sound run
/// delete NAME           takes a file away
/// cut NAME = LENGTH     cuts a file
/// </code>
/// </summary>
internal sealed class BadInputFile
{
    private readonly List<string> _setup = [];
    private readonly List<BadInputCase> _cases = [];

    private BadInputFile(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.LastIndexOf(" => ", StringComparison.Ordinal) is var at and > 0) _cases.Add(Case(line[..at], line[(at + 4)..]));
            else _setup.Add(line);
        }
    }

    public IReadOnlyList<BadInputCase> Cases => _cases;

    /// <summary>The names of all files.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder(), "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static BadInputFile Read(string name) => new(File.ReadLines(Path.Combine(Folder(), name)));

    /// <summary>Makes what the cases need.</summary>
    public void Prepare(string folder)
    {
        foreach (var line in _setup)
        {
            var (words, value) = line.Split(" =", 2) is [var before, var after] ? (before.Split(' '), after.TrimStart(' ')) : (line.Split(' '), "");
            Make(words[0], Path.Combine(folder, words[1]), value);
        }
    }

    private static void Make(string what, string path, string value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (what)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "file":
                File.WriteAllText(path, value);
                break;
            case "bytes":
                File.WriteAllBytes(path, Convert.FromHexString(value.Replace(" ", "", StringComparison.Ordinal)));
                break;
            case "png":
                File.WriteAllBytes(path, PictureInputs.SoundPng(int.Parse(value, CultureInfo.InvariantCulture)));
                break;
            case "run":
                SoundRun.Write(path);
                break;
            case "delete":
                File.Delete(path);
                break;
            case "cut":
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..int.Parse(value, CultureInfo.InvariantCulture)]);
                break;
            default:
                throw new InvalidOperationException($"'{what}' is nothing that a file of bad input has.");
        }
    }

    private static BadInputCase Case(string command, string expected) => expected.Split(" | ", 2) is [var code, var piece]
        ? new(command, [.. Words(command)], int.Parse(code, CultureInfo.InvariantCulture), piece)
        : throw new InvalidOperationException($"'{command}' has no exit code and piece of a line after it.");

    // As a shell takes a line apart, of which single quotes are enough here.
    private static IEnumerable<string> Words(string command) => command.Split('\'').SelectMany((piece, i) => i % 2 == 1 ? [piece] : piece.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Folder([CallerFilePath] string own = "") => Path.GetDirectoryName(own)!;
}
