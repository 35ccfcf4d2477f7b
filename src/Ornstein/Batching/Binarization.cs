namespace Ornstein.Batching;

/// <summary>How intensities in [0, 1] become binary pixels.</summary>
public enum Binarization
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>Fresh Bernoulli draws each time an image is seen in training; held-out images are drawn once from a fixed seed.</summary>
    Dynamic,

    /// <summary>Bernoulli draws, made once from a fixed seed.</summary>
    Static,

    /// <summary>1 where the intensity is at least one half.</summary>
    Threshold,
}
