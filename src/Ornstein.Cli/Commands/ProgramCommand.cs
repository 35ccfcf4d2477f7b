using System.CommandLine;

namespace Ornstein.Cli.Commands;

/// <summary>The program with all its commands.</summary>
internal static class ProgramCommand
{
    public static RootCommand Create() => new(
        "Ornstein trains hierarchical variational autoencoders with Ornstein-Uhlenbeck smoothing, shows where the top layers collapse, "
        + "and finds the critical rho at which they do.")
    {
        RunCommands.Phase(),
        RunCommands.Train(),
        EvalCommand.Create(),
        SampleCommand.Create(),
        SpectrumCommand.Create(),
        DiagnoseCommand.Create(),
        TheoryCommand.Create(),
        CompareCommand.Create(),
        ExportCommand.Create(),
        ViewCommand.Create(),
        PresetCommand.Create(),
        StudyCommand.Create(),
        DataCommand.Create(),
        DoctorCommand.Create(),
        CompletionCommand.Create(),
    };
}
