using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Commands;

var root = new RootCommand(
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
    DataCommand.Create(),
};
return Application.Run(root, args, Console.Out, Console.Error);
