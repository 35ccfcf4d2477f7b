using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Models;

/// <summary>Shared by the networks of a model: whether they are being trained, so that a batch's own statistics are used and noted.</summary>
internal sealed class TrainingMode
{
    /// <summary>What the batches of a training step had, as new values of running means; null while the model is evaluated.</summary>
    public List<(ParameterEntry Entry, Tensor Value)>? Statistics { get; set; }
}
