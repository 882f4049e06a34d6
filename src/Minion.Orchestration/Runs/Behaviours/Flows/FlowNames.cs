using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>The names that a template may use at one place of a flow: what came before it, not what comes after it or goes on beside it.</summary>
internal sealed class FlowNames
{
    private readonly FlowNames? _around;
    private readonly HashSet<string> _stages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _roots;

    public FlowNames()
        : this(null, [])
    {
    }

    private FlowNames(FlowNames? around, IEnumerable<string> more)
    {
        _around = around;
        _roots = around is null ? new() { ["input"] = false, ["previous"] = false, ["stages"] = true } : new(around._roots);
        foreach (var root in more)
        {
            _roots[root] = false;
        }
    }

    /// <summary>A place that sees what is here, and more of its own; what is added there is not seen here.</summary>
    public FlowNames Within(params string[] roots) => new(this, roots);

    public void Add(string stage) => _stages.Add(stage);

    public TextTemplate Template(string text, Action<string> error)
    {
        var template = TextTemplate.Parse(text, _roots, error);
        foreach (var unknown in template.References.Where(r => r.Name is not null && !Has(r.Name)).DistinctBy(r => r.Name))
        {
            var nearest = Yaml.Nearest.To(unknown.Name!, All) is { } near ? $" Did you mean '{near}'?" : "";
            error($"has {unknown}, but no stage '{Yaml.Quoted.Cut(unknown.Name!, 63)}' comes before it.{nearest}");
        }

        return template;
    }

    private IEnumerable<string> All => _around is null ? _stages : _stages.Concat(_around.All);

    private bool Has(string stage) => _stages.Contains(stage) || (_around?.Has(stage) ?? false);
}
