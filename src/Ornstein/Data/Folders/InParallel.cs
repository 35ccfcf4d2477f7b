namespace Ornstein.Data.Folders;

/// <summary>Work on many files by all processors, with the error that work in their order would have ended with.</summary>
internal static class InParallel
{
    /// <summary>Does all of it; throws the error of the lowest index.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="work">The work of one.</param>
    /// <param name="cancellation">Stops it.</param>
    public static void For(int count, Action<int> work, CancellationToken cancellation)
    {
        var errors = new OrnsteinException?[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            try
            {
                work(i);
            }
            catch (OrnsteinException error)
            {
                errors[i] = error;
            }
        });
        if (Array.Find(errors, error => error is not null) is { } first) throw first;
    }
}
