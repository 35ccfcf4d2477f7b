// TorchSharp hands a Scalar's native handle to libtorch without keeping the Scalar alive: a collection that another thread sets off can
// finalize it during the call ("Expected false to be true ... toFloat"). One thread at a time uses tensors, in tests as in training.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
