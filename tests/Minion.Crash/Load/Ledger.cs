using System.Collections.Concurrent;
using Grpc.Core;

namespace Minion.Crash.Load;

/// <summary>A run that a server has accepted.</summary>
internal sealed record Accepted(Guid Run, Submission Submission, DateTime At);

/// <summary>What the clients were told: what must hold is judged by this, not by what the servers believe.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Accepted> _accepted = new();
    private readonly ConcurrentQueue<string> _contradictions = new();
    private readonly ConcurrentDictionary<StatusCode, int> _errors = new();
    private int _repeated;

    /// <summary>What was accepted since a time.</summary>
    public IReadOnlyList<Accepted> AcceptedSince(DateTime since) => [.. _accepted.Values.Where(a => a.At >= since)];

    public int Count => _accepted.Count;

    /// <summary>Acknowledgements of a request that had been acknowledged before, all with the same run.</summary>
    public int Repeated => _repeated;

    /// <summary>What servers said that cannot be true together.</summary>
    public IReadOnlyCollection<string> Contradictions => _contradictions;

    /// <summary>Statuses with which calls failed and were made again.</summary>
    public IReadOnlyDictionary<StatusCode, int> Errors => _errors;

    public void Accept(Submission submission, Guid run)
    {
        var first = _accepted.GetOrAdd(submission.RequestId, new Accepted(run, submission, DateTime.UtcNow));
        if (first.Run != run)
        {
            Contradict($"request {submission.RequestId} was accepted as run {first.Run}, then as {run}");
        }
    }

    public void NoteRepeated() => Interlocked.Increment(ref _repeated);

    public void Contradict(string what) => _contradictions.Enqueue(what);

    public void ForgetContradictions() => _contradictions.Clear();

    public void NoteError(StatusCode status) => _errors.AddOrUpdate(status, 1, (_, n) => n + 1);
}
