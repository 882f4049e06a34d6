using System.Text.Json;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>Conditions and reviews.</summary>
internal sealed partial class FlowReader
{
    private const int DeepestCondition = 8;
    private const int MostConditions = 20;

    /// <summary>An object with a test, a list of which all must hold, <c>any</c> of a list, or <c>not</c>.</summary>
    public static Condition? Condition(OptionsReader reader, JsonElement value, string path, FlowNames seen, int depth)
    {
        if (depth > DeepestCondition)
        {
            reader.ProblemAt(path, $"is nested more than {DeepestCondition} levels deep.");
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return new Condition.All([.. value.EnumerateArray().Take(MostConditions).Select((c, i) => Condition(reader, c, $"{path}[{i}]", seen, depth + 1)).OfType<Condition>()]);
        }

        if (reader.Within(value, path) is not { } item)
        {
            return null;
        }

        var condition = item.Take("not") is { } not ? Condition(item, not, item.Under("not"), seen, depth + 1) is { } inner ? new Condition.Not(inner) : null
            : item.Has("any") ? new Condition.Any([.. item.Items("any", MostConditions).Select(c => Condition(item, c.Value, c.Path, seen, depth + 1)).OfType<Condition>()])
            : Test(item, seen);
        item.Done();
        return condition;
    }

    private static Condition? Test(OptionsReader item, FlowNames seen)
    {
        var value = item.Text("value") is { } text ? Template(item, "value", text, seen) : Previous;
        IReadOnlyList<string> contains = item.Take("contains") is { ValueKind: JsonValueKind.Array }
            ? [.. item.Items("contains", 50).Select(c => c.Value.ToString())]
            : item.Text("contains", 1_000) is { } one ? [one] : [];
        var equal = item.Text("equals", 1_000);
        var pattern = item.Text("matches", 1_000);
        var matches = pattern is null ? null : Flows.Condition.Pattern(pattern, message => item.Problem("matches", message));
        bool? empty = item.Has("empty") ? item.Flag("empty", otherwise: true) : null;
        if (contains.Count == 0 && equal is null && pattern is null && empty is null)
        {
            item.Problem("", "is no condition: give one of contains, equals, matches, empty, any, not.");
            return null;
        }

        return new Condition.Test(value, equal, contains, matches, empty);
    }

    private ReviewStage? Review(OptionsReader item, string? name, FlowNames seen) =>
        item.Object("review") is { } review ? Review(review, name ?? Unnamed(item), seen, ownModel: false) : null;

    /// <summary>Reads <c>writer</c>, <c>reviewer</c>, <c>criteria</c>, <c>rounds</c>, <c>accept</c> and <c>on_refusal</c>.</summary>
    /// <param name="item">The options.</param>
    /// <param name="name">What the stage is called.</param>
    /// <param name="seen">What templates may use.</param>
    /// <param name="ownModel">Whether the agent's own model writes or reviews where nobody else is named.</param>
    public ReviewStage Review(OptionsReader item, string name, FlowNames seen, bool ownModel)
    {
        var within = seen.Within("task", "draft", "review");
        var criteria = item.Text("criteria", 10_000) ?? "";
        var writer = Worker(item, "writer", "draft", seen, Previous, ownModel, withTools: true);
        var reviewer = Worker(item, "reviewer", "review", within, within.Template(ReviewTexts.Review(Escaped(criteria)), _ => { }), ownModel, withTools: false);
        var revise = item.Text("revise") is { } text ? Template(item, "revise", text, within) : within.Template(ReviewTexts.Revise, _ => { });
        var pattern = item.Text("accept", 1_000);
        var accept = pattern is null ? null : Flows.Condition.Pattern(pattern, message => item.Problem("accept", message));
        var rounds = item.Whole("rounds", 3, 1, MostRounds);
        var deliver = item.Word("on_refusal", "deliver", "deliver", "fail") == "deliver";
        item.Done();
        return new ReviewStage(name, writer, reviewer, revise, rounds, accept, deliver);
    }

    /// <summary>Who writes or reviews: an agent by its name, an agent with its input, or the agent's own model.</summary>
    private Stage Worker(OptionsReader item, string key, string label, FlowNames seen, Templates.TextTemplate input, bool ownModel, bool withTools)
    {
        if (item.Take(key) is not { } value)
        {
            if (!ownModel)
            {
                item.Problem(key, "is missing: the name of an agent, or an object with agent and input.");
            }

            UsesModel = true;
            UsesTools |= withTools;
            return new PromptStage(label, input, withTools) { OnFailure = OnFailure.Continue };
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            member(item.Under(key), value.GetString()!);
            return new AgentStage(label, value.GetString()!, input, new MemberPolicy()) { OnFailure = OnFailure.Continue };
        }

        if (item.Object(key) is not { } worker)
        {
            return new PromptStage(label, input, withTools);
        }

        var failure = worker.Word("on_failure", "continue", "continue", "fail");
        var agent = Agent(worker, label, seen, input) with { OnFailure = failure == "fail" ? OnFailure.Fail : OnFailure.Continue };
        worker.Done();
        return agent;
    }

    // Criteria are text, whatever is in them.
    private static string Escaped(string text) => text.Replace("{{", "{ {", StringComparison.Ordinal);
}
