namespace Ornstein.Cli.Studies.Report;

/// <summary>The report of a study.</summary>
internal static class StudyReport
{
    public static void Write(StudyFile study, StudyFolder folder, TextWriter output) => output.WriteLine(study.Name + folder.Path);
}
