using Ornstein.Studies.Submissions;

namespace Ornstein.Cli.Tests.Studies.Submissions;

public sealed class SubmitOptionsTests
{
    /// <summary>As the manual of sbatch says: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes and with seconds.</summary>
    [Theory]
    [InlineData("90", 5400)]
    [InlineData("2:30", 150)]
    [InlineData("2:00:00", 7200)]
    [InlineData("1-2", 93600)]
    [InlineData("1-2:30", 95400)]
    [InlineData("1-02:30:05", 95405)]
    public void ParseTime_FormsOfSlurm_AreRead(string text, double seconds) =>
        Assert.Equal(seconds, SubmitOptions.ParseTime(text, "--time").TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("2h")]
    [InlineData("0")]
    [InlineData("1:2:3:4")]
    [InlineData("-5")]
    public void ParseTime_OtherText_IsRefused(string text) =>
        Assert.StartsWith("--time", Assert.Throws<OrnsteinException>(() => SubmitOptions.ParseTime(text, "--time")).Message, StringComparison.Ordinal);
}
