using System.Xml.Linq;

namespace Ornstein.Cli.Tests.Licences;

/// <summary>What licence a package says it has.</summary>
internal static class PackageLicence
{
    /// <summary>What anything here may have. All allow use, change and passing on with their text; none asks the same of what uses them.</summary>
    public static IReadOnlySet<string> Permitted { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Unlicense OR MIT", "public domain",
    };

    // These say nothing that can be read, or name a page. What their authors say elsewhere was looked up for this version; the next is looked up again.
    private static readonly Dictionary<string, string> _lookedUp = new(StringComparer.Ordinal)
    {
        ["StbImageWriteSharp 1.16.7"] = "public domain",
    };

    // What only these texts say.
    private static readonly (string Says, string Licence)[] _texts =
    [
        ("Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files", "MIT"),
        ("Apache License Version 2.0, January 2004", "Apache-2.0"),
    ];

    /// <summary>The licence of the package in a folder; null where it says none that can be read.</summary>
    public static string? Of(string folder)
    {
        XElement metadata = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        XElement? licence = metadata.Elements().SingleOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value switch
        {
            "expression" => licence.Value,
            "file" => OfText(Path.Combine(folder, licence.Value)),
            _ => _lookedUp.GetValueOrDefault($"{Value("id")} {Value("version")}"),
        };
    }

    private static string? OfText(string file)
    {
        string text = File.Exists(file) ? string.Join(' ', File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : "";
        return _texts.FirstOrDefault(known => text.Contains(known.Says, StringComparison.Ordinal)).Licence;
    }
}
