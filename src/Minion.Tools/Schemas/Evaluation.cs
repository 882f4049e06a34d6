using System.Globalization;
using System.Text;

namespace Minion.Tools.Schemas;

/// <summary>What one validation carries along: where it is, what it found, and how much it has used of its bounds.</summary>
internal sealed class Evaluation(bool tracks, List<SchemaError>? errors)
{
    private const int MaxDepth = 512;
    private const int MaxSteps = 1_000_000;
    private const int MaxErrors = 50;

    private readonly List<object> _path = [];
    private readonly List<SchemaResource> _scope = [];
    private int _depth;
    private int _steps;

    /// <summary>Where errors go; null when only the verdict counts, and evaluation may stop at the first error.</summary>
    public List<SchemaError>? Errors { get; set; } = errors;

    /// <summary>Whether evaluated properties and items are remembered (only when some schema has an <c>unevaluated…</c> keyword).</summary>
    public bool Tracks { get; } = tracks;

    /// <summary>The schema resources that have been entered, outermost first: the dynamic scope.</summary>
    public IReadOnlyList<SchemaResource> Scope => _scope;

    /// <summary>JSON pointer to the value under evaluation.</summary>
    public string Path => PathTo(_path);

    public void Enter(SchemaResource resource)
    {
        if (++_depth > MaxDepth)
        {
            throw new SchemaLimitException($"is nested too deeply, or the schema refers to itself without end (limit: {MaxDepth} schemas deep)");
        }

        if (++_steps > MaxSteps)
        {
            throw new SchemaLimitException($"takes too much work to validate (limit: {MaxSteps} evaluations)");
        }

        _scope.Add(resource);
    }

    public void Leave()
    {
        _depth--;
        _scope.RemoveAt(_scope.Count - 1);
    }

    public void Push(string property) => _path.Add(property);

    public void Push(int index) => _path.Add(index);

    public void Pop() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Notes an error at the present path; always false, so that keywords can return it.</summary>
    public bool Fail(string keyword, string message)
    {
        if (Errors is { Count: < MaxErrors })
        {
            Errors.Add(new SchemaError(Path, keyword, message));
        }

        return false;
    }

    /// <summary>Evaluates without reporting errors.</summary>
    public bool Silently(SchemaNode node, System.Text.Json.JsonElement instance, Evaluated? seen) => Collecting(null, node, instance, seen);

    /// <summary>Evaluates with errors going to <paramref name="target"/>.</summary>
    public bool Collecting(List<SchemaError>? target, SchemaNode node, System.Text.Json.JsonElement instance, Evaluated? seen)
    {
        var outer = Errors;
        Errors = target;
        try
        {
            return node.Evaluate(instance, this, seen);
        }
        finally
        {
            Errors = outer;
        }
    }

    private static string PathTo(List<object> segments)
    {
        var text = new StringBuilder();
        foreach (var segment in segments)
        {
            text.Append('/').Append(segment switch
            {
                string name => JsonPointer.Escape(name),
                int index => index.ToString(CultureInfo.InvariantCulture),
                _ => "",
            });
        }

        return text.ToString();
    }
}
