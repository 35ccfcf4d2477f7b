namespace Ornstein.Data;

/// <summary>Data with known answers: x ~ N(0, diag(lambda)), for the exact results of linear models.</summary>
internal static class GaussianData
{
    private static readonly double[] Default = [20, 5, 2.5, 1.5];

    public static Dataset Make(DataOptions options)
    {
        var eigenvalues = options.Eigenvalues ?? Default;
        if (eigenvalues.Length == 0 || Array.Exists(eigenvalues, e => !(e > 0 && double.IsFinite(e))))
            throw new OrnsteinException("The eigenvalues of gaussian must be one or more positive numbers, such as 20,5,2.5,1.5.");
        var train = Draw(eigenvalues, options.GaussianTrain, "train", Mix(options.GaussianSeed, 0));
        // A generator of its own: the test part does not depend on the size of the training part.
        var test = Draw(eigenvalues, options.GaussianTest, "test", Mix(options.GaussianSeed, 1));
        return new Dataset
        {
            Name = "gaussian",
            Kind = PixelKind.Real,
            Shape = null,
            Train = train,
            Test = test,
            Attribution = $"Made here: N(0, diag({string.Join(", ", eigenvalues)})), seed {options.GaussianSeed}; no licence needed.",
        };
    }

    private static DataSplit Draw(double[] eigenvalues, int count, string part, int seed)
    {
        var features = eigenvalues.Length;
        if (count < 1 || (long)count * features > Array.MaxLength / sizeof(float))
        {
            throw new OrnsteinException(
                $"The number of gaussian {part} data must lie between 1 and {Array.MaxLength / sizeof(float) / features}, not {count}.");
        }

        var random = new Random(seed);
        var deviations = Array.ConvertAll(eigenvalues, Math.Sqrt);
        var reals = new float[count * features];
        for (var row = 0; row < count; row++)
        {
            var x = reals.AsSpan(row * features, features);
            // Box-Muller: two independent normals from two uniforms.
            for (var j = 0; j < features; j += 2)
            {
                var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
                x[j] = (float)(deviations[j] * radius * cos);
                if (j + 1 < features) x[j + 1] = (float)(deviations[j + 1] * radius * sin);
            }
        }

        return DataSplit.FromReals(reals, features);
    }

    // System.Random takes 31 bits: spread the 64 of the seed over them.
    private static int Mix(long seed, ulong part)
    {
        var z = unchecked(((ulong)seed * 2) + part + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (int)(z >> 33);
    }
}
