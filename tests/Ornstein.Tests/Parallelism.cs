// TorchSharp's own modules and operations, which tests use too, make numbers that a collection which another thread sets off can free during a call
// ("Expected false to be true ... toFloat"). One thread at a time uses tensors, in tests as in training.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
