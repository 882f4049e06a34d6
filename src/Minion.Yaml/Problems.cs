namespace Minion.Yaml;

/// <summary>One thing that is wrong with a file.</summary>
/// <param name="Position">Where.</param>
/// <param name="Path">The node's path; empty for what concerns the file as a whole.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record Problem(Position Position, string Path, string Message);

/// <summary>Collects everything that is wrong with a file.</summary>
public sealed class Problems
{
    /// <summary>A hostile file could have a million; nobody reads beyond these.</summary>
    private const int Most = 1000;

    private readonly Dictionary<string, Problem> _byPath = [];
    private readonly List<Problem> _all = [];

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _all.Count > 0;

    /// <summary>Whether there are as many as anybody is told; further ones are not kept.</summary>
    public bool IsFull => _all.Count >= Most;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Problem> InOrder => [.. _all.OrderBy(p => p.Position.Line).ThenBy(p => p.Position.Column)];

    /// <summary>Notes what is wrong at a place and path.</summary>
    public void Add(Position position, YamlPath path, string message) => Add(position, path.ToString(), message);

    /// <summary>Notes what is wrong with a node.</summary>
    public void Add(YamlNode node, string message) => Add(node.Position, node.Path, message);

    /// <summary>Notes what is wrong; the path is empty for what concerns the file as a whole.</summary>
    public void Add(Position position, string path, string message)
    {
        if (_all.Count < Most)
        {
            var problem = new Problem(position, path, message.TrimEnd('.'));
            _all.Add(problem);
            _byPath.TryAdd(path, problem);
        }
    }

    /// <summary>
    /// What another part finds wrong with <paramref name="field"/> (such as <c>limits.max_steps</c> or <c>script.rules[0].match</c>) of the mapping
    /// <paramref name="under"/>, at the nearest place that the file has. Nothing when the value is already known to be wrong.
    /// </summary>
    public void AddUnder(YamlMap under, string field, string message)
    {
        var path = $"{under.Path}.{field}";
        if (!Has(path))
        {
            Add(YamlPlace.Nearest(under, field).Position, path, message);
        }
    }

    /// <summary>Whether the value at <paramref name="path"/> is already known to be wrong, so that what follows from it is not said too.</summary>
    public bool Has(string path) => _byPath.ContainsKey(path);
}
