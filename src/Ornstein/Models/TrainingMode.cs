namespace Ornstein.Models;

/// <summary>Shared by the networks of a model: whether they are being trained, so that a batch's own statistics are used.</summary>
internal sealed class TrainingMode
{
    public bool UsesBatchStatistics { get; set; }
}
