using System.Collections.Concurrent;

namespace Minion.Testing.Otlp;

/// <summary>Everything that arrived, in order; wakes whoever waits for more.</summary>
internal sealed class OtlpRecord
{
    private readonly ConcurrentQueue<RecordedSpan> _spans = new();
    private readonly ConcurrentQueue<RecordedMetric> _metrics = new();
    private readonly ConcurrentQueue<RecordedLog> _logs = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<RecordedSpan> Spans => [.. _spans];

    public IReadOnlyList<RecordedMetric> Metrics => [.. _metrics];

    public IReadOnlyList<RecordedLog> Logs => [.. _logs];

    /// <summary>Completes when something arrives after this call.</summary>
    public Task More => Volatile.Read(ref _more).Task;

    public void Add(IEnumerable<RecordedSpan> spans) => Add(_spans, spans);

    public void Add(IEnumerable<RecordedMetric> metrics) => Add(_metrics, metrics);

    public void Add(IEnumerable<RecordedLog> logs) => Add(_logs, logs);

    private void Add<T>(ConcurrentQueue<T> queue, IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            queue.Enqueue(item);
        }

        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
