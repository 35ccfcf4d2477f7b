using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Commands;
using Ornstein.Kernels;

LibTorchThreads.WaitAsleep();
return Application.Run(ProgramCommand.Create(), args, Console.Out, Console.Error);
