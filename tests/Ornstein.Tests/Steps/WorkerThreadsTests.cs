using Ornstein.Steps;

namespace Ornstein.Tests.Steps;

public class WorkerThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_AnyCount_CallsEveryPieceOnceAndWaitsForAll(int threads)
    {
        using var workers = new WorkerThreads(threads);
        for (var count = 0; count < 200; count++)
        {
            var calls = new int[count];
            workers.Run(count, (thread, i) =>
            {
                Assert.InRange(thread, 0, threads - 1);
                Interlocked.Increment(ref calls[i]);
            });
            Assert.All(calls, number => Assert.Equal(1, number));
        }
    }

    [Fact]
    public void Run_APieceThatFails_ReachesTheCallerAndLeavesTheTeamAtWork()
    {
        using var workers = new WorkerThreads(3);
        for (var round = 0; round < 20; round++)
        {
            var problem = Assert.Throws<AggregateException>(() => workers.Run(9, (_, i) =>
            {
                if (i == 4) throw new InvalidOperationException("four");
            }));
            Assert.Equal("four", problem.InnerException!.Message);
            var sum = 0;
            workers.Run(9, (_, i) => Interlocked.Add(ref sum, i));
            Assert.Equal(36, sum);
        }
    }

    [Fact]
    public void Run_AfterTheTeamFellAsleep_WakesIt()
    {
        using var workers = new WorkerThreads(4);
        for (var round = 0; round < 3; round++)
        {
            Thread.Sleep(100);
            var sum = 0;
            workers.Run(100, (_, i) => Interlocked.Add(ref sum, i));
            Assert.Equal(4950, sum);
        }
    }
}
