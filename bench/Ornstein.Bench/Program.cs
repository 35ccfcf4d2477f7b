using BenchmarkDotNet.Running;
using Ornstein.Bench;
using Ornstein.Bench.Compare;

switch (args)
{
    case ["samplers", ..]:
        SamplerError.Run(epochs: 10);
        return 0;
    case ["soak", .. var rest]:
        return Soak.Run(rest);
    case ["view", .. var rest]:
        return ViewPage.Run(rest);
    case ["compare", .. var rest]:
        return CompareCommand.Run(rest);
    case [Resources.Child, .. var rest]:
        Resources.RunChild(rest);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(TrainingStep).Assembly).Run(args);
        return 0;
}
