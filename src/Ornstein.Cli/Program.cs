using System.Runtime.CompilerServices;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Commands;
using Ornstein.Experiments.Text;
using Ornstein.Kernels;

return MachineLimits.TooFewFiles() is { } line ? BareError.Refuse(line) : Start(args);

// Apart, so that nothing is loaded for it before there are files enough to load it.
[MethodImpl(MethodImplOptions.NoInlining)]
static int Start(string[] args)
{
    ProgramCulture.Set();
    NoColor.Settle();
    StandardStreams.Guard();
    return Application.Guard(() => Run(args), Console.Error);
}

[MethodImpl(MethodImplOptions.NoInlining)]
static int Run(string[] args)
{
    LibTorchThreads.WaitAsleep();
    return Application.Run(ProgramCommand.Create(), args, Console.Out, Console.Error);
}
