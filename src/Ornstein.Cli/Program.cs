using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Commands;

return Application.Run(ProgramCommand.Create(), args, Console.Out, Console.Error);
