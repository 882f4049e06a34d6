using System.Text.Json;
using System.Text.RegularExpressions;
using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>
/// Reads a flow from options. Everything that is wrong is noted with its place: unknown keys and references, names that are used twice, a
/// reference to what comes later.
/// </summary>
internal sealed partial class FlowReader(Action<string, string> member)
{
    public const int MostParallel = 100;
    public const int DefaultParallel = 8;
    private const int MostStages = 200;
    private const int MostItems = 200;
    private const int DefaultItems = 50;
    private const int MostRounds = 20;
    private const int DeepestNesting = 8;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Whether a stage calls the agent's own model, and whether one of those may call tools.</summary>
    public bool UsesModel { get; private set; }

    public bool UsesTools { get; private set; }

    /// <summary>Reads <c>stages</c>, <c>output</c> and <c>max_parallel</c>.</summary>
    public Flow Read(OptionsReader reader)
    {
        if (reader.Take("stages") is not { ValueKind: JsonValueKind.Array } given || given.GetArrayLength() == 0)
        {
            reader.Problem("stages", "is missing: a list of one stage or more.");
        }

        var seen = new FlowNames();
        var stages = List(reader, "stages", seen, 0);
        var output = reader.Text("output") is { } text ? Template(reader, "output", text, seen) : null;
        var parallel = reader.Whole("max_parallel", DefaultParallel, 1, MostParallel);
        reader.Done();
        return new Flow(new SequenceStage("", stages), output, parallel);
    }

    public List<Stage> List(OptionsReader reader, string key, FlowNames seen, int depth)
    {
        var stages = new List<Stage>();
        foreach (var (value, path) in reader.Items(key, MostStages))
        {
            if (Item(reader, value, path, seen, depth) is { } stage)
            {
                stages.Add(stage);
                seen.Add(stage.Name);
            }
        }

        return stages;
    }

    /// <summary>A stage: an object, or just the name of an agent.</summary>
    private Stage? Item(OptionsReader reader, JsonElement value, string path, FlowNames seen, int depth, OnFailure otherwise = OnFailure.Fail)
    {
        if (depth > DeepestNesting)
        {
            reader.ProblemAt(path, $"is nested more than {DeepestNesting} stages deep.");
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            member(path, value.GetString()!);
            return Named(new AgentStage(value.GetString()!, value.GetString()!, Previous, new MemberPolicy()) { OnFailure = otherwise }, reader, path);
        }

        if (reader.Within(value, path) is not { } item)
        {
            return null;
        }

        var stage = Body(item, seen, depth, otherwise);
        item.Done();
        return stage;
    }

    private Stage? Body(OptionsReader item, FlowNames seen, int depth, OnFailure otherwise)
    {
        var name = item.Text("name", 63);
        var when = item.Take("when") is { } condition ? Condition(item, condition, item.Under("when"), seen, 0) : null;
        var failure = item.Word("on_failure", Words[otherwise], [.. Words.Values]);
        var kinds = Kinds.Where(item.Has).ToList();
        if (kinds is not [var kind])
        {
            item.Problem("", kinds.Count == 0 ? $"says nothing to do: give one of {string.Join(", ", Kinds)}." : $"has {string.Join(" and ", kinds)}; a stage has one of them.");
            return null;
        }

        Stage? stage = kind switch
        {
            "agent" => Agent(item, name, seen, Previous),
            "prompt" => Prompt(item, name, seen),
            "sequence" => new SequenceStage(name ?? Unnamed(item), List(item, "sequence", seen, depth + 1)),
            "parallel" => new ParallelStage(name ?? Unnamed(item), Beside(item, "parallel", seen, depth + 1), Join(item)),
            "map" => Map(item, name, seen, depth),
            "choose" => new ChooseStage(name ?? Unnamed(item), Cases(item, seen, depth + 1)),
            _ => Review(item, name, seen),
        };
        return stage is null ? null : Named(stage with { When = when, OnFailure = Words.First(w => w.Value == failure).Key }, item, item.Path);
    }

    private AgentStage Agent(OptionsReader item, string? name, FlowNames seen, TextTemplate input)
    {
        var agent = item.RequiredText("agent", "the name of an agent", 63);
        if (agent.Length > 0)
        {
            member(item.Under("agent"), agent);
        }

        return new AgentStage(name ?? agent, agent, item.Text("input") is { } text ? Template(item, "input", text, seen) : input, MemberPolicy.Read(item));
    }

    private PromptStage Prompt(OptionsReader item, string? name, FlowNames seen)
    {
        UsesModel = true;
        var tools = item.Flag("tools", otherwise: false);
        UsesTools |= tools;
        return new PromptStage(name ?? Unnamed(item), Template(item, "prompt", item.RequiredText("prompt", "what the model is asked"), seen), tools);
    }

    private MapStage? Map(OptionsReader item, string? name, FlowNames seen, int depth)
    {
        var over = Template(item, "map", item.RequiredText("map", "where the list is, such as {{stages.outline.output}}"), seen);
        var most = item.Whole("max_items", DefaultItems, 1, MostItems);
        var json = Join(item);
        if (item.Take("do") is not { } body)
        {
            item.Problem("do", "is missing: the stage that is done for each item.");
            return null;
        }

        var stage = Do(item, body, seen.Within("item", "index"), depth + 1, OnFailure.Continue);
        return stage is null ? null : new MapStage(name ?? Unnamed(item), over, most, stage, json);
    }

    /// <summary>One stage, or a list of them.</summary>
    private Stage? Do(OptionsReader item, JsonElement body, FlowNames seen, int depth, OnFailure otherwise) => body.ValueKind == JsonValueKind.Array
        ? new SequenceStage(item.Path + ".do", List(item, "do", seen, depth)) { OnFailure = otherwise }
        : Item(item, body, item.Under("do"), seen, depth, otherwise);

    /// <summary>Stages that do not see each other; those after them see them all.</summary>
    private List<Stage> Beside(OptionsReader item, string key, FlowNames seen, int depth)
    {
        var stages = new List<Stage>();
        foreach (var (value, path) in item.Items(key, MostStages))
        {
            if (Item(item, value, path, seen.Within(), depth, OnFailure.Continue) is { } stage)
            {
                stages.Add(stage);
            }
        }

        stages.ForEach(s => seen.Add(s.Name));
        if (stages.Count == 0 && item.IsSound)
        {
            item.Problem(key, "is empty: a list of the stages that go on at the same time.");
        }

        return stages;
    }

    private List<Stage> Cases(OptionsReader item, FlowNames seen, int depth)
    {
        var cases = new List<Stage>();
        foreach (var (value, path) in item.Items("choose", MostStages))
        {
            if (item.Within(value, path) is not { } reader)
            {
                continue;
            }

            var when = reader.Take("when") is { } condition ? Condition(reader, condition, reader.Under("when"), seen, 0) : null;
            var key = reader.Has("otherwise") ? "otherwise" : "do";
            if (reader.Take(key) is not { } body)
            {
                reader.Problem("", "needs when and do, or otherwise.");
            }
            else if (key == "do" && when is null && !reader.Has("when"))
            {
                reader.Problem("when", "is missing: the condition, or write otherwise instead of do.");
            }
            else if ((body.ValueKind == JsonValueKind.Array
                ? Named(new SequenceStage(reader.Path, List(reader, key, seen.Within(), depth)), reader, reader.Path)
                : Item(reader, body, reader.Under(key), seen.Within(), depth)) is { } stage)
            {
                cases.Add(stage with { When = stage.When is null ? when : when is null ? stage.When : new Condition.All([when, stage.When]) });
            }

            reader.Done();
        }

        cases.ForEach(c => seen.Add(c.Name));
        if (cases.Count == 0 && item.IsSound)
        {
            item.Problem("choose", "is empty: a list of cases, each with when and do.");
        }

        return cases;
    }

    private static bool Join(OptionsReader item) => item.Word("join", "text", "text", "json") == "json";

    private Stage? Named(Stage stage, OptionsReader reader, string path)
    {
        if (!NameForm.IsMatch(stage.Name) && stage.Name != path && !stage.Name.EndsWith(".do", StringComparison.Ordinal))
        {
            reader.ProblemAt(path, $"is called {Yaml.Quoted.Of(stage.Name)}; a name has 1 to 63 letters, digits, hyphens and underscores.");
            return null;
        }

        if (!_names.Add(stage.Name))
        {
            reader.ProblemAt(path, $"is a second stage called {Yaml.Quoted.Of(stage.Name)}; give it a name of its own (name: …).");
            return null;
        }

        if (_names.Count == MostStages + 1)
        {
            reader.ProblemAt(path, $"is one stage too many: {MostStages} are allowed in all.");
        }

        return stage;
    }

    // Nobody can refer to it: a path is no name.
    private static string Unnamed(OptionsReader item) => item.Path;

    private static TextTemplate Template(OptionsReader reader, string key, string text, FlowNames seen) => seen.Template(text, message => reader.Problem(key, message));

    private static TextTemplate Previous { get; } = new FlowNames().Template("{{previous}}", _ => { });

    private static Dictionary<OnFailure, string> Words { get; } = new() { [OnFailure.Fail] = "fail", [OnFailure.Continue] = "continue", [OnFailure.Skip] = "skip" };

    private static string[] Kinds { get; } = ["agent", "prompt", "sequence", "parallel", "map", "choose", "review"];

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$", RegexOptions.NonBacktracking)]
    private static partial Regex NameForm { get; }
}
