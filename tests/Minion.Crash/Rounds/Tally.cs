namespace Minion.Crash.Rounds;

/// <summary>What was done and what came of it, over all rounds.</summary>
internal sealed class Tally
{
    private readonly Dictionary<Blow, int> _blows = [];

    public int Rounds { get; set; }

    public IReadOnlyDictionary<Blow, int> Blows => _blows;

    /// <summary>Runs that a victim held, each time with the epoch in which it did.</summary>
    public List<Interrupted> Interrupted { get; } = [];

    public void Add(IEnumerable<Strike> strikes)
    {
        foreach (var strike in strikes)
        {
            _blows[strike.Blow] = _blows.GetValueOrDefault(strike.Blow) + 1;
        }
    }
}
