using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>Where the parameters of a convolution lie.</summary>
/// <param name="Weight">[3, 3, inputs, outputs].</param>
/// <param name="Bias">[outputs].</param>
internal sealed record ConvolutionEntries(ParameterEntry Weight, ParameterEntry Bias);
