namespace Minion.Crash.Checks;

/// <summary>What was found so far.</summary>
internal sealed class Verdict(IReadOnlyList<Invariant> invariants)
{
    private const int Examples = 3;

    // Runs that ended a while ago are looked at again: a fenced worker might still write.
    private static readonly TimeSpan LookBack = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, (int Count, List<string> Examples)> _violations = [];

    public bool IsClean => _violations.Count == 0;

    public IEnumerable<string> Violated => _violations.Keys;

    /// <summary>Checks what must hold at any time, on the runs of late.</summary>
    public Task CheckAsync() => CheckAsync(invariants.Where(i => !i.OnlyAtTheEnd), DateTime.UtcNow - LookBack);

    /// <summary>Checks what must hold at any time, on the runs since then.</summary>
    public Task CheckAsync(DateTime since) => CheckAsync(invariants.Where(i => !i.OnlyAtTheEnd), since);

    /// <summary>Adds what was found elsewhere.</summary>
    public void Add(string name, IReadOnlyList<string> found)
    {
        if (found.Count > 0)
        {
            _violations[name] = (found.Count, [.. found]);
        }
    }

    /// <summary>Checks everything on all runs. What was found before stays, also when it does not show any more.</summary>
    public Task CheckAllAsync() => CheckAsync(invariants, DateTime.UnixEpoch);

    public void Write(TextWriter output)
    {
        foreach (var invariant in invariants)
        {
            var found = _violations.GetValueOrDefault(invariant.Name);
            output.WriteLine($"  {(found.Count == 0 ? "ok       " : "VIOLATED ")} {invariant.Name,-15}{invariant.Says}{(found.Count == 0 ? "" : $": {found.Count}")}");
            foreach (var example in found.Examples ?? [])
            {
                output.WriteLine($"              {example}");
            }
        }
    }

    private async Task CheckAsync(IEnumerable<Invariant> some, DateTime since)
    {
        foreach (var invariant in some)
        {
            var found = await invariant.FindAsync(since);
            if (found.Count > 0)
            {
                _violations[invariant.Name] = (found.Count, [.. found.Take(Examples)]);
            }
        }
    }
}
