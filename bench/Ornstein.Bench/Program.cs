using BenchmarkDotNet.Running;
using Ornstein.Bench;

BenchmarkSwitcher.FromAssembly(typeof(TrainingStep).Assembly).Run(args);
