using System.Globalization;
using System.Text;
using Ornstein.Checkpoints;
using Ornstein.Optimization;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Training;

namespace Ornstein.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private static readonly IReadOnlyList<Member> _members = Member.Grid([0.5, 1], [0]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Restore_AfterSave_GivesBackWeightsMomentsAndState()
    {
        using var saved = Saved();
        using var restored = new TinyStack(_members);
        var document = Checkpoint.Restore(_folder.Path, restored.Adam, restored.State);
        Assert.Equal(123, document.MetricsBytes);
        Assert.Equal(saved.State.Step, restored.State.Step);
        Assert.Equal(saved.Values, restored.Values);
        Assert.Equal(saved.Adam.FirstMoment.data<float>().ToArray(), restored.Adam.FirstMoment.data<float>().ToArray());
        Assert.Equal(saved.Adam.SecondMoment.data<float>().ToArray(), restored.Adam.SecondMoment.data<float>().ToArray());
    }

    /// <summary>Second moments that began above zero are part of a checkpoint: a resumed optimizer must not begin them anew.</summary>
    [Fact]
    public void Restore_SettingsOfBurdasProgram_GoesOnToTheSameBits()
    {
        var adam = new AdamOptions { Beta1 = 0.99, Beta2 = 0.99, InitialSecondMoment = 1, Epsilon = 1e-4 };
        var training = TinyStack.Training with { Epochs = 5, Adam = adam, LearningRate = new() { Peak = 1e-2, Shape = ScheduleShape.StagedRounded } };
        using var whole = new TinyStack(_members, adam: adam);
        whole.Train(training);
        using (var stopped = new TinyStack(_members, adam: adam))
        {
            using var stop = new CancellationTokenSource();
            Assert.False(stopped.Train(training, new StopAt(7, stop), stop.Token));
            Checkpoint.Save(_folder.Path, stopped.Adam, stopped.State, 0);
        }

        using var resumed = new TinyStack(_members, adam: adam);
        Checkpoint.Restore(_folder.Path, resumed.Adam, resumed.State);
        Assert.Equal(7, resumed.State.Step);
        resumed.Train(training);
        Assert.Equal(whole.Values, resumed.Values);
        Assert.Equal(whole.Adam.SecondMoment.data<float>().ToArray(), resumed.Adam.SecondMoment.data<float>().ToArray());
        using var plain = new TinyStack(_members);
        plain.Train(training with { Adam = new() });
        Assert.NotEqual(plain.Values, resumed.Values);
    }

    private sealed class StopAt(long step, CancellationTokenSource source) : ITrainingObserver
    {
        public void OnStep(in TrainingProgress progress)
        {
            if (progress.Step == step) source.Cancel();
        }

        public void OnEpoch(EpochMetrics metrics)
        {
        }

        public void OnDiverged(int member, long step)
        {
        }

        public void OnBetweenSteps(TrainingState state)
        {
        }
    }

    [Fact]
    public void Save_Again_LeavesOnlyTheFilesOfTheNewCheckpoint()
    {
        using var stack = Saved();
        stack.Train(TinyStack.Training with { Epochs = 5 });
        Checkpoint.Save(_folder.Path, stack.Adam, stack.State, 0);
        Assert.Equal(
            ["moments-00000020.safetensors", "state.json", "weights-00000020.safetensors"],
            Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    /// <summary>A process that wakes and saves step 12 while another, which took the folder over, has saved step 99.</summary>
    [Fact]
    public void Save_BesideFilesOfALaterStep_LeavesThem()
    {
        using var saved = Saved();
        foreach (var name in new[] { "weights-00000099.safetensors", "moments-00000099.safetensors", "average-00000099.safetensors", "weights-00000001.safetensors" })
            File.WriteAllText(_folder.File(name), "another's");
        Checkpoint.Save(_folder.Path, saved.Adam, saved.State, 0);
        var own = saved.State.Step.ToString("D8", CultureInfo.InvariantCulture);
        Assert.Equal(
            [.. new[] { "average-00000099.safetensors", "moments-00000099.safetensors", $"moments-{own}.safetensors", "state.json", "weights-00000099.safetensors", $"weights-{own}.safetensors" }.Order()],
            Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    /// <summary>The state was read, and before its weights were, the training beside the reader saved again and removed them.</summary>
    [Fact]
    public void OfState_WhileATrainingSavesAgain_ReadsTheNext()
    {
        using var saved = Saved();
        var (layers, first, readings) = (saved.State.EpochSums.Length - 1, saved.State.Step, 0);
        long Read(CheckpointState state)
        {
            if (readings++ == 0)
            {
                saved.State.Step++;
                Checkpoint.Save(_folder.Path, saved.Adam, saved.State, 0);
            }

            return File.Exists(_folder.File(state.Weights)) ? state.Step : throw new OrnsteinException("gone");
        }

        Assert.Equal((first + 1, 2), (Checkpoint.OfState(_folder.Path, layers, _members.Count, Read), readings));
        // What is missing without anything new is missing.
        File.Delete(Directory.GetFiles(_folder.Path, "weights-*").Single());
        Assert.Throws<OrnsteinException>(() => Checkpoint.OfState(_folder.Path, layers, _members.Count, Read));
        Assert.Equal(3, readings);
    }

    [Fact]
    public void Restore_KilledBeforeStateWasReplaced_GivesTheCheckpointBefore()
    {
        using var saved = Saved();
        // What a kill between the new files and the new state.json leaves behind.
        File.WriteAllText(_folder.File("weights-00000099.safetensors"), "half a file");
        File.WriteAllText(_folder.File("moments-00000099.safetensors"), string.Empty);
        using var restored = new TinyStack(_members);
        Checkpoint.Restore(_folder.Path, restored.Adam, restored.State);
        Assert.Equal(saved.Values, restored.Values);
    }

    [Fact]
    public void Restore_OfAnotherArchitecture_NamesTheTensorAndLeavesTheStackAsItWas()
    {
        using var saved = Saved();
        using var other = new TinyStack(_members, model: TinyStack.Model with { Latents = [4, 4, 2] });
        var before = other.Values;
        var error = Assert.Throws<OrnsteinException>(() => Checkpoint.Restore(_folder.Path, other.Adam, other.State));
        Assert.Contains("another architecture: 'q2.output.weight' is [2, 6, 6], not [2, 6, 8]", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Values);
    }

    [Fact]
    public void Restore_OfAnotherNumberOfMembers_SaysSo()
    {
        using var saved = Saved();
        using var other = new TinyStack([new Member(1, 0)]);
        var error = Assert.Throws<OrnsteinException>(() => Checkpoint.Restore(_folder.Path, other.Adam, other.State));
        Assert.Contains("another stack", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_AnyFileCutAnywhere_GivesOneLineAndLeavesTheStackAsItWas()
    {
        using var saved = Saved();
        using var stack = new TinyStack(_members);
        var before = stack.Values;
        foreach (var path in Directory.GetFiles(_folder.Path))
        {
            var whole = File.ReadAllBytes(path);
            for (var i = 0; i < 12; i++)
            {
                File.WriteAllBytes(path, whole[..(whole.Length * i / 12)]);
                var error = Assert.Throws<OrnsteinException>(() => Checkpoint.Restore(_folder.Path, stack.Adam, stack.State));
                Assert.DoesNotContain('\n', error.Message);
                Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
            }

            File.WriteAllBytes(path, whole);
        }

        Assert.Equal(before, stack.Values);
        Assert.Equal(0, stack.State.Step);
    }

    [Theory]
    [InlineData("\"weights\": \"weights-00000012.safetensors\"", "\"weights\": \"../outside.safetensors\"")]
    [InlineData("\"step\": 12", "\"step\": -3")]
    [InlineData("\"step\": 12", "\"step\": \"many\"")]
    [InlineData("\"format\": 1", "\"format\": 2")]
    [InlineData("\"format\": 1", "\"unknown\": 1")]
    public void Restore_StateThatLies_GivesOneLine(string part, string lie)
    {
        using var saved = Saved();
        var path = _folder.File("state.json");
        var text = File.ReadAllText(path);
        Assert.Contains(part, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(part, lie, StringComparison.Ordinal));
        using var stack = new TinyStack(_members);
        var error = Assert.Throws<OrnsteinException>(() => Checkpoint.Restore(_folder.Path, stack.Adam, stack.State));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Save_Weights_AreReadableByTheFormatsDefinitionAlone()
    {
        using var saved = Saved();
        var bytes = File.ReadAllBytes(_folder.File("weights-00000012.safetensors"));
        var length = (int)BitConverter.ToInt64(bytes);
        using var header = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, length));
        var tensor = header.RootElement.GetProperty("q1.hidden1.weight");
        Assert.Equal("F32", tensor.GetProperty("dtype").GetString());
        Assert.Equal([2, 12, 8], tensor.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32()));
        Assert.Equal([2, 8], header.RootElement.GetProperty("q1.hidden1.bias").GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32()));
        var start = 8 + length + tensor.GetProperty("data_offsets")[0].GetInt32();
        Assert.Equal(saved.ValuesOf(1)[0], BitConverter.ToSingle(bytes, start + (4 * 12 * 8)));
    }

    [Fact]
    public void Save_FolderCannotBeMade_SaysSo()
    {
        using var stack = new TinyStack(_members);
        File.WriteAllText(_folder.File("taken"), string.Empty);
        Assert.Throws<OrnsteinException>(() => Checkpoint.Save(_folder.File("taken"), stack.Adam, stack.State, 0));
    }

    private TinyStack Saved()
    {
        var stack = new TinyStack(_members);
        stack.Train();
        Checkpoint.Save(_folder.Path, stack.Adam, stack.State, 123);
        return stack;
    }
}
