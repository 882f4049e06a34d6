using System.Globalization;
using System.Text.Json.Nodes;
using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>What templates see at one place of a flow: an item of a map sees what is around it, and not what its neighbours do.</summary>
internal sealed class FlowValues(FlowValues? around, string prefix, string input) : ITemplateValues
{
    private readonly Dictionary<string, Outcome> _stages = new(StringComparer.Ordinal);
    private string? _previous;

    /// <summary>What the labels of this place begin with.</summary>
    public string Prefix => prefix;

    /// <summary>What the stage before gave.</summary>
    public string Previous
    {
        get => _previous ?? input;
        set => _previous = value;
    }

    /// <summary>The item of a map and its position.</summary>
    public (JsonNode? Item, int Index)? Item { get; init; }

    /// <summary>What the writer was asked first, its draft, and the review of that; where there are any.</summary>
    public (string Task, string Draft, string Review)? Reviewed { get; init; }

    public void Set(string stage, Outcome outcome) => _stages[stage] = outcome;

    public (string Text, JsonNode? Json)? Find(string root, string? name) => root switch
    {
        "input" => (input, null),
        "previous" => (Previous, null),
        "item" => Nearest(v => v.Item) is var (item, _) ? (JsonText.Show(item), item) : null,
        "index" => Nearest(v => v.Item) is var (_, index) ? (index.ToString(CultureInfo.InvariantCulture), null) : null,
        "task" => Nearest(v => v.Reviewed) is var (task, _, _) ? (task, null) : null,
        "draft" => Nearest(v => v.Reviewed) is var (_, draft, _) ? (draft, null) : null,
        "review" => Nearest(v => v.Reviewed) is var (_, _, review) ? (review, null) : null,
        "stages" => Stage(name!) is { } outcome ? ((outcome as Done)?.Text ?? "", null) : null,
        "failures" => Stage(name!) switch
        {
            Done { Forgiven: { } failure } => (failure.Message, null),
            Failed failed => (failed.Failure.Message, null),
            _ => ("", null),
        },
        _ => null,
    };

    private Outcome? Stage(string name) => _stages.TryGetValue(name, out var outcome) ? outcome : around?.Stage(name);

    private T? Nearest<T>(Func<FlowValues, T?> what)
        where T : struct => what(this) ?? around?.Nearest(what);
}
