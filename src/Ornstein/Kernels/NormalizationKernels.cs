using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>Columns of matrices, 16 at a time. Those beyond the last column are computed and not written.</summary>
internal static unsafe class NormalizationKernels
{
    /// <summary>Sums of columns.</summary>
    /// <param name="values">The first row of the columns.</param>
    /// <param name="width">Floats of a row.</param>
    /// <param name="rows">Rows.</param>
    public static Vector512<float> Sum(float* values, int width, int rows)
    {
        var sum = Vector512<float>.Zero;
        for (var row = 0; row < rows; row++, values += width) sum += Vector512.Load(values);
        return sum;
    }

    /// <summary>Sums of squared distances from a mean.</summary>
    public static Vector512<float> Squares(float* values, int width, int rows, Vector512<float> mean)
    {
        var sum = Vector512<float>.Zero;
        for (var row = 0; row < rows; row++, values += width)
        {
            var centred = Vector512.Load(values) - mean;
            sum = Vector512.FusedMultiplyAdd(centred, centred, sum);
        }

        return sum;
    }

    /// <summary>Adds up a gradient past a nonlinearity, and its products with standardized numbers.</summary>
    public static void Products(
        float* gradient, float* output, float* standardized, int width, int rows, Vector512<float> slope, ref Vector512<float> sum, ref Vector512<float> products)
    {
        var (plain, product) = (sum, products);
        for (var row = 0; row < rows; row++, gradient += width, output += width, standardized += width)
        {
            var own = Past(gradient, output, slope);
            plain += own;
            product = Vector512.FusedMultiplyAdd(own, Vector512.Load(standardized), product);
        }

        (sum, products) = (plain, product);
    }

    /// <summary>Standardizes columns in place, and writes gain * standardized + shift, negative numbers multiplied by a slope.</summary>
    public static void Normalize(
        float* values, float* output, int width, int rows, int lanes, Vector512<float> mean, Vector512<float> inverse, Vector512<float> gain, Vector512<float> shift,
        float slope = 1)
    {
        for (var row = 0; row < rows; row++, values += width, output += width)
        {
            var standardized = (Vector512.Load(values) - mean) * inverse;
            Lanes.PutFirst(values, standardized, lanes);
            var scaled = Vector512.FusedMultiplyAdd(standardized, gain, shift);
            Lanes.PutFirst(output, Vector512.Max(scaled, scaled * slope), lanes);
        }
    }

    /// <summary>Gradient of what was standardized: factor * (g - its mean - standardized * mean of g * standardized), g being the gradient past the nonlinearity.</summary>
    public static void Gradient(
        float* gradient, float* output, float* standardized, float* target, int width, int rows, int lanes, Vector512<float> slope,
        Vector512<float> factor, Vector512<float> mean, Vector512<float> product)
    {
        for (var row = 0; row < rows; row++, gradient += width, output += width, standardized += width, target += width)
            Lanes.PutFirst(target, (Past(gradient, output, slope) - mean - (Vector512.Load(standardized) * product)) * factor, lanes);
    }

    /// <summary>The first numbers of 16.</summary>
    public static Vector512<float> Load(float* source, int lanes)
    {
        if (lanes >= Lanes.Count) return Vector512.Load(source);
        var values = Vector512<float>.Zero;
        for (var i = 0; i < lanes; i++) values = values.WithElement(i, source[i]);
        return values;
    }

    // As ActivationKernels has it, from the output.
    private static Vector512<float> Past(float* gradient, float* output, Vector512<float> slope)
    {
        var own = Vector512.Load(gradient);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(output), Vector512<float>.Zero), own, own * slope);
    }
}
