using System.Text.Json;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using Ornstein.Storage;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Claims;
using Ornstein.Studies.Numbers;
using Ornstein.Studies.Status;

namespace Ornstein.Studies.Report;

/// <summary>The report of a study, from its run folders alone: also of one that is not finished.</summary>
internal static class StudyReport
{
    /// <summary>Writes <c>report.html</c>, <c>report.md</c>, <c>report.json</c> and <c>figures/</c> to the study folder.</summary>
    public static void Write(StudyFile study, StudyFolder folder, TextWriter output)
    {
        StudyData.RequireSame(study, folder);
        var numbers = Numbers(study, folder);
        IBlock[] blocks = [.. Blocks(study, folder, numbers)];
        try
        {
            Directory.CreateDirectory(folder.FileIn("figures"));
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the study folder", folder.Path, error);
        }

        foreach (var picture in blocks.OfType<Picture>())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.FileIn(picture.File))!);
            AtomicFile.Write(folder.FileIn(picture.File + ".png"), stream => stream.Write(picture.Png));
            AtomicFile.WriteText(folder.FileIn(picture.File + ".svg"), picture.Svg);
        }

        AtomicFile.WriteText(folder.FileIn("report.json"), JsonSerializer.Serialize(numbers, ResultJson.Indented) + "\n");
        AtomicFile.WriteText(folder.FileIn("report.md"), Documents.Markdown(study.Name, blocks));
        AtomicFile.WriteText(folder.FileIn("report.html"), Documents.Html("Ornstein study", study.Name, blocks));
        output.WriteLine(Summary(numbers));
        output.WriteLine($"report: {PrintableText.Of(folder.FileIn("report.html"))}");
    }

    /// <summary>All numbers.</summary>
    public static StudyNumbers Numbers(StudyFile study, StudyFolder folder)
    {
        var states = StudyCellState.Of(study, folder);
        var experiments = study.Experiments.Select(experiment =>
        {
            var read = experiment.Cells.Select(cell => (Cell: cell, Read: CellReader.Read(cell, folder.Of(cell), states[cell.Hash]))).ToArray();
            CellNumbers[] cells = [.. read.Select(cell => cell.Read.Numbers).OfType<CellNumbers>()];
            MissingCell[] missing =
                [.. read.Where(cell => cell.Read.Numbers is null).Select(cell => new MissingCell(cell.Cell.Name, cell.Read.Reason!, cell.Cell.RepeatCommand))];
            var differences = CriticalDifference.Of(cells, study.Margin);
            // A claim is about all of its cells.
            JudgedClaim[] claims = [.. experiment.Claims.Select(claim => new JudgedClaim(claim, missing.Length > 0 ? [] : ClaimVerdict.Of(claim, cells, differences)))];
            return new ExperimentNumbers(experiment.Name, experiment.Question, cells, missing, differences, claims);
        }).ToArray();
        var without = study.Cells.Count(cell => CellResult.Read(folder.Of(cell)) is not { } result || CellResult.WhyUseless(result) is not null);
        return new StudyNumbers(study.Name, study.Cells.Count, without, experiments);
    }

    private static IEnumerable<IBlock> Blocks(StudyFile study, StudyFolder folder, StudyNumbers numbers)
    {
        yield return new Paragraph(Summary(numbers));
        string[] others = [.. folder.Others(study)];
        if (others.Length > 0)
            yield return new Paragraph($"Left out, as no longer part of the study: {string.Join(", ", others.Select(other => Path.GetRelativePath(folder.Path, other)))}.", IsNote: true);
        foreach (var experiment in numbers.Experiments)
        {
            foreach (var block in new ExperimentSection(experiment, Command(study, folder, experiment.Experiment)).Blocks()) yield return block;
        }
    }

    private static string Summary(StudyNumbers numbers) =>
        $"{numbers.Cells - numbers.Missing} of {numbers.Cells} cells have results"
        + (numbers.Missing == 0 ? "." : "; what is said here is of those, and each experiment names what it lacks.");

    private static string Command(StudyFile study, StudyFolder folder, string experiment)
    {
        var place = folder.Path == StudyFolder.DefaultFor(study.Path) ? "" : $" --out {ShellQuoting.Quote(folder.Path)}";
        var file = ShellQuoting.Quote(study.Path);
        return $"{Product.Name} study run {file} --only {ShellQuoting.Quote(experiment)}{place} && {Product.Name} study report {file}{place}";
    }
}
