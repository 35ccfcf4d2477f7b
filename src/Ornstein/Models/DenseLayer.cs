using Ornstein.Stacks;

namespace Ornstein.Models;

/// <summary>Parameters of one layer of a perceptron.</summary>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Bias">[1, outputs].</param>
/// <param name="Normalization">Batch normalization before the nonlinearity; null for none.</param>
internal sealed record DenseLayer(ParameterEntry Weight, ParameterEntry Bias, BatchNormalization? Normalization = null);
