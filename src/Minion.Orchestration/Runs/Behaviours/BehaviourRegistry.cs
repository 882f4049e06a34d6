namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>The behaviours of this process: <see cref="BehaviourList"/> and those that its host adds.</summary>
internal sealed class BehaviourRegistry
{
    private const int LongestName = 63;
    private readonly Dictionary<string, IBehaviour> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Version, IBehaviour Behaviour)> _newest = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">A name has not the form <c>name@version</c>, or is used twice.</exception>
    public BehaviourRegistry(IEnumerable<IBehaviour> added)
    {
        foreach (var behaviour in BehaviourList.All.Concat(added))
        {
            if (Split(behaviour.Name) is not var (name, version))
            {
                throw new InvalidOperationException(
                    $"The behaviour {behaviour.GetType().Name} is called '{behaviour.Name}'; a name has the form 'name@version', such as 'debate@1': lower-case letters, digits and hyphens, then a whole number from 1.");
            }

            if (!_exact.TryAdd(behaviour.Name, behaviour))
            {
                throw new InvalidOperationException(
                    $"The behaviours {_exact[behaviour.Name].GetType().Name} and {behaviour.GetType().Name} are both called '{behaviour.Name}'. Rename one, or raise its version.");
            }

            if (!_newest.TryGetValue(name, out var newest) || newest.Version < version)
            {
                _newest[name] = (version, behaviour);
            }
        }

        Names = [.. _newest.Keys];
    }

    /// <summary>Those that Minion brings.</summary>
    public static BehaviourRegistry BuiltIn { get; } = new([]);

    /// <summary>Names without version, as agents use them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The newest version of a behaviour, for a new run; the default's for an empty name; null when there is none of that name.</summary>
    public IBehaviour? Newest(string name) => _newest.GetValueOrDefault(name.Length == 0 ? BehaviourList.Default : name).Behaviour;

    /// <summary>The behaviour that a run began with; null when this process does not have it.</summary>
    public IBehaviour? Exact(string nameWithVersion) => _exact.GetValueOrDefault(nameWithVersion);

    private static (string Name, int Version)? Split(string nameWithVersion)
    {
        var at = nameWithVersion.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at <= LongestName && nameWithVersion[..at].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && int.TryParse(nameWithVersion[(at + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) && version > 0
                ? (nameWithVersion[..at], version)
                : null;
    }
}
