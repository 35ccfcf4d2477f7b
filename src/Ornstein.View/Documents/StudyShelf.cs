using System.Diagnostics;
using System.Text.Json;
using Ornstein.Results;
using Ornstein.Studies;

namespace Ornstein.View.Documents;

/// <summary>
/// The studies that are shown. Their cells are looked at anew when somebody asks, at most once in a while, and a study's file is read when it has
/// changed. Nobody waits long while a recent look is at hand: the page asks again in a few seconds.
/// </summary>
internal sealed class StudyShelf
{
    private const int Most = 16;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(400), Patience = TimeSpan.FromMilliseconds(200), Recent = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Study> _studies = new(StringComparer.Ordinal);

    /// <summary>What <c>/api/study</c> answers, a <see cref="StudyDocument"/> in JSON.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="path">Its folder.</param>
    /// <exception cref="OrnsteinException">Its files cannot be read.</exception>
    public Task<byte[]> Answer(string id, string path)
    {
        lock (_studies)
        {
            if (!_studies.TryGetValue(id, out var study))
            {
                if (_studies.Count == Most) _studies.Clear();
                _studies.Add(id, study = new Study(id, path));
            }

            return study.Answer();
        }
    }

    private sealed class Study(string id, string path)
    {
        private readonly Lock _lock = new();
        private FileStamp? _stamp;
        private StudyFile? _file;
        private TimeSpan _reading; // of the file in the last look: the next does without
        private Task<Look>? _looking;
        private Look? _last;

        public async Task<byte[]> Answer()
        {
            Task<Look> looking;
            Look? last;
            lock (_lock)
            {
                // One that takes long, as on a network, is taken less often.
                if (_looking is null || (_looking.IsCompleted && !(_last?.Age < Longer(Rest, 5 * _last?.Took)))) _looking = Task.Run(Take);
                (looking, last) = (_looking, _last?.Age < Longer(Recent, 10 * _last?.Took) ? _last : null);
            }

            if (last is not null && await Task.WhenAny(looking, Task.Delay(Patience)).ConfigureAwait(false) != looking) return last.Json;
            return (await looking.ConfigureAwait(false)).Json;
        }

        private static TimeSpan Longer(TimeSpan one, TimeSpan? other) => other > one ? other.Value : one;

        private Look Take()
        {
            Look? look = null;
            _reading = TimeSpan.Zero;
            try
            {
                var began = Stopwatch.GetTimestamp();
                var json = JsonSerializer.SerializeToUtf8Bytes(StudyDocument.Of(id, path, Read), ResultJson.Line);
                return look = new Look(json, Stopwatch.GetElapsedTime(began) - _reading, Stopwatch.GetTimestamp());
            }
            finally
            {
                lock (_lock) _last = look; // of one that failed whoever asks is told
            }
        }

        // To lay out and check the settings of thousands of cells takes a second.
        private StudyFile Read(string name)
        {
            var file = new FileInfo(name);
            var stamp = new FileStamp(file.Length, file.LastWriteTimeUtc);
            if (_file is not null && stamp == _stamp) return _file;
            var began = Stopwatch.GetTimestamp();
            (_file, _stamp) = (StudyJson.Read(name), stamp);
            _reading = Stopwatch.GetElapsedTime(began);
            return _file;
        }
    }

    private sealed record FileStamp(long Length, DateTime Written);

    private sealed record Look(byte[] Json, TimeSpan Took, long Ended)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(Ended);
    }
}
