namespace Ornstein.Experiments.Settings;

/// <summary>How grey values become binary pixels; <see cref="Auto"/> takes what the data set is commonly used with.</summary>
internal enum BinarizationChoice
{
    Auto,
    Dynamic,
    Static,
    Threshold,
    None,
}

/// <summary>What the decoder gives before training: zero (probability one half), or the mean of the training data.</summary>
internal enum InitialOutputChoice
{
    Zero,
    Mean,
}

/// <summary>Which networks are smoothed: those of the generative model p, of the inference model q, or both.</summary>
internal enum SmoothChoice
{
    P,
    Q,
    Pq,
}

/// <summary>From which states the models of a sweep begin: from their initial weights, or from an alive and from a collapsed top layer.</summary>
internal enum BranchChoice
{
    None,
    Both,
}
