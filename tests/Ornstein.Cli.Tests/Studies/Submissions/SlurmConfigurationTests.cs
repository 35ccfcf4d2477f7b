using Ornstein.Studies.Submissions;

namespace Ornstein.Cli.Tests.Studies.Submissions;

public sealed class SlurmConfigurationTests
{
    [Theory]
    [InlineData("", 1001, false, false)]
    [InlineData("MaxArraySize            = 9\nPrivateData             = accounts,jobs\n", 9, false, true)]
    [InlineData("PreemptType             = preempt/none\nPrivateData             = none\n", 1001, false, false)]
    [InlineData("PreemptType             = preempt/partition_prio\nSlurmctldParameters     = (null)\n", 1001, true, false)]
    [InlineData("PreemptType             = preempt/qos\nSlurmctldParameters     = idle_on_node_suspend,preempt_send_user_signal\n", 1001, false, false)]
    public void Parse_LinesOfScontrol_SayWhatMatters(string text, int longest, bool unwarned, bool hides) =>
        Assert.Equal(new SlurmConfiguration(longest, unwarned, hides), SlurmConfiguration.Parse(text));
}
