namespace Ornstein.Cli.Settings;

/// <summary>How grey values become binary pixels; <see cref="Auto"/> takes what the data set is commonly used with.</summary>
internal enum BinarizationChoice
{
    Auto,
    Dynamic,
    Static,
    Threshold,
    None,
}

/// <summary>Nonlinearity of the hidden layers.</summary>
internal enum ActivationChoice
{
    LeakyRelu,
    Relu,
    Tanh,
    Elu,
    Gelu,
    Silu,
}

/// <summary>Distribution of a pixel given z1; <see cref="Auto"/> is Bernoulli for binary data and Gaussian otherwise.</summary>
internal enum LikelihoodChoice
{
    Auto,
    Bernoulli,
    Gaussian,
}

/// <summary>How the inner draws of the smoothing are made.</summary>
internal enum SamplerChoice
{
    Iid,
    Antithetic,
}

/// <summary>Which networks are smoothed: those of the generative model p, of the inference model q, or both.</summary>
internal enum SmoothChoice
{
    P,
    Q,
    Pq,
}

/// <summary>Reference measure of the smoothing: the layer's own Gaussian, or N(0, I).</summary>
internal enum MeasureChoice
{
    Own,
    Standard,
}

/// <summary>How the learning rate changes over the training.</summary>
internal enum ScheduleChoice
{
    Constant,
    Cosine,
    Linear,
}
