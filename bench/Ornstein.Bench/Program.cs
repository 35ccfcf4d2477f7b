using BenchmarkDotNet.Running;
using Ornstein.Bench;

if (args is ["samplers", ..])
{
    SamplerError.Run(epochs: 10);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(TrainingStep).Assembly).Run(args);
