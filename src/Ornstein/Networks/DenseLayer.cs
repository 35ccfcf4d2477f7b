namespace Ornstein.Networks;

/// <summary>One layer of a perceptron: x W + b, and what follows.</summary>
/// <param name="Name">Its name within the network.</param>
/// <param name="Inputs">Units that it reads.</param>
/// <param name="Outputs">Units that it gives.</param>
/// <param name="IsHidden">Whether the nonlinearity follows.</param>
/// <param name="Normalization">Batch normalization before the nonlinearity; null for none.</param>
internal sealed record DenseLayer(string Name, int Inputs, int Outputs, bool IsHidden, BatchNormalization? Normalization = null)
{
    /// <summary>Name of [inputs, outputs].</summary>
    public string Weight { get; } = $"{Name}.weight";

    /// <summary>Name of [outputs].</summary>
    public string Bias { get; } = $"{Name}.bias";
}
