namespace Minion.Models;

/// <summary>What became of one call; the stages of the pipeline fill it in. Not for several threads at once.</summary>
internal sealed class CallReport
{
    private readonly List<Attempt> _attempts = [];

    /// <summary>Every attempt, in order, also those that failed.</summary>
    public IReadOnlyList<Attempt> Attempts => _attempts;

    public void Add(Attempt attempt) => _attempts.Add(attempt);
}
