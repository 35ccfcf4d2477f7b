using System.CommandLine;
using Ornstein.Cli.CommandLine;

var root = new RootCommand(
    "Ornstein trains hierarchical variational autoencoders with Ornstein-Uhlenbeck smoothing, shows where the top layers collapse, "
    + "and finds the critical rho at which they do.");
return Application.Run(root, args, Console.Out, Console.Error);
