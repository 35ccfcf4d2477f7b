namespace Ornstein.Experiments.Settings;

/// <summary>How grey values become binary pixels.</summary>
public enum BinarizationChoice
{
    /// <summary>What the data set is commonly used with.</summary>
    Auto,

    /// <summary>Fresh Bernoulli draws each time an image is seen in training; held-out images are drawn once.</summary>
    Dynamic,

    /// <summary>Bernoulli draws, made once.</summary>
    Static,

    /// <summary>1 where the intensity is at least one half.</summary>
    Threshold,

    /// <summary>As they are.</summary>
    None,
}

/// <summary>Which draws of their pixels test images are measured on.</summary>
public enum TestBinarizationChoice
{
    /// <summary>Those that all runs share, so that their numbers compare image by image.</summary>
    Once,

    /// <summary>Draws of the run's own, by its first seed.</summary>
    Anew,
}

/// <summary>What the decoder gives before training.</summary>
public enum InitialOutputChoice
{
    /// <summary>Zero: probability one half, or mean 0.</summary>
    Zero,

    /// <summary>About the mean of the training data.</summary>
    Mean,
}

/// <summary>Which networks are smoothed.</summary>
public enum SmoothChoice
{
    /// <summary>Those of the generative model p.</summary>
    P,

    /// <summary>Those of the inference model q.</summary>
    Q,

    /// <summary>Both.</summary>
    Pq,
}

/// <summary>Which layers have batch-normalized means of q.</summary>
public enum MeanNormLayers
{
    /// <summary>The top one.</summary>
    Top,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>From which states the models of a sweep begin.</summary>
public enum BranchChoice
{
    /// <summary>From their initial weights.</summary>
    None,

    /// <summary>From an alive and from a collapsed top layer.</summary>
    Both,
}
