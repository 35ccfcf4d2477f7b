namespace Ornstein.Networks;

/// <summary>Nonlinearity between the layers of a network.</summary>
public enum Activation
{
    /// <summary>max(x, 0.01 x).</summary>
    LeakyRelu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x above zero, exp(x) - 1 below.</summary>
    Elu,

    /// <summary>x Phi(x).</summary>
    Gelu,

    /// <summary>x sigmoid(x).</summary>
    Silu,
}
