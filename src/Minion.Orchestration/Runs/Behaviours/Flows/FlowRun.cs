using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Minion.Orchestration.Runs.Behaviours.Templates;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours.Flows;

/// <summary>
/// Walks a flow over a journal, from its beginning at every decision: stages that have results give them, those that are ready are noted as
/// wanted. The label of a child is the name of its stage, with the item before it within a map: <c>chapters[2]/draft</c>.
/// </summary>
internal sealed class FlowRun(Progress progress)
{
    public Outcome Evaluate(Stage stage, FlowValues values)
    {
        if (stage.When is { } condition && !condition.Holds(values))
        {
            values.Set(stage.Name, Outcome.Skipped);
            return Outcome.Skipped;
        }

        var outcome = OnFailed(stage, Body(stage, values));
        values.Set(stage.Name, outcome);
        return outcome;
    }

    private static Outcome OnFailed(Stage stage, Outcome outcome) => (outcome, stage.OnFailure) switch
    {
        (Failed { Failure: var failure }, OnFailure.Continue) => new Done($"[{stage.Name} failed: {failure.Message}]", failure),
        (Failed, OnFailure.Skip) => Outcome.Skipped,
        _ => outcome,
    };

    private Outcome Body(Stage stage, FlowValues values) => stage switch
    {
        AgentStage agent => Filled(agent.Input, agent.Name, values, input => progress.Member(
            values.Prefix + agent.Name, agent.Agent, input, agent.OnFailure == OnFailure.Fail ? agent.Policy : agent.Policy.OrDefault(progress.State))),
        PromptStage prompt => Filled(
            prompt.Prompt,
            prompt.Name,
            values,
            text => progress.Ask(values.Prefix + prompt.Name, () => [new PromptHistory(), new PromptText("user", text)], prompt.WithTools)),
        SequenceStage sequence => Sequence(sequence, values),
        ParallelStage parallel => Parallel(parallel, values),
        MapStage map => Map(map, values),
        ChooseStage choose => Choose(choose, values),
        ReviewStage review => Review(review, values),
        _ => throw new InvalidOperationException($"There is no stage of the kind {stage.GetType().Name}."),
    };

    private static Outcome Filled(TextTemplate template, string stage, FlowValues values, Func<string, Outcome> then)
    {
        var text = template.Fill(values, out var missing);
        return missing is null
            ? then(text)
            : new Failed("value_missing", $"The stage '{stage}' needs {missing}, which is not in what came before it.", "Look at the output of that stage, or correct the reference.");
    }

    private Outcome Sequence(SequenceStage sequence, FlowValues values)
    {
        Outcome result = Outcome.Skipped;
        foreach (var stage in sequence.Stages)
        {
            var outcome = Evaluate(stage, values);
            if (outcome is Done done)
            {
                values.Previous = done.Text;
                result = outcome;
            }
            else if (outcome != Outcome.Skipped)
            {
                return outcome;
            }
        }

        return result;
    }

    private Outcome Parallel(ParallelStage parallel, FlowValues values)
    {
        var previous = values.Previous;
        var outcomes = new List<(string Name, Outcome Outcome)>();
        foreach (var stage in parallel.Stages)
        {
            values.Previous = previous;
            outcomes.Add((stage.Name, Evaluate(stage, values)));
        }

        values.Previous = previous;
        return Together(parallel.Name, [.. outcomes.Select(o => o.Outcome)]) ?? new Done(parallel.AsJson
            ? JsonText.Show(new JsonObject(outcomes.Select(o => KeyValuePair.Create(o.Name, o.Outcome is Done done ? JsonText.Value(done.Text) : null))))
            : Joined(outcomes.Where(o => o.Outcome is Done).Select(o => $"## {o.Name}\n\n{((Done)o.Outcome).Text}")));
    }

    private Outcome Map(MapStage map, FlowValues values) => Filled(map.Over, map.Name, values, text =>
    {
        if (Items(text) is not { } items)
        {
            return new Failed("not_a_list", $"The stage '{map.Name}' goes over a list, but was given no JSON list: {Yaml.Quoted.Of(text)}.", "Have the stage before it answer with a JSON list and nothing else.");
        }

        if (items.Count > map.MostItems)
        {
            return new Failed("too_many_items", $"The list for the stage '{map.Name}' has {items.Count} items; at most {map.MostItems} are allowed (max_items).", "Ask for fewer, or raise max_items.");
        }

        var outcomes = new List<Outcome>();
        foreach (var (i, item) in items.Index())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{values.Prefix}{map.Name}[{i}]/");
            outcomes.Add(Evaluate(map.Body, new FlowValues(values, at, values.Find("input", null)!.Value.Text) { Item = (item, i), Previous = JsonText.Show(item) }));
        }

        return Together(map.Name, outcomes) ?? new Done(map.AsJson || items.Count == 0
            ? JsonText.Show(new JsonArray([.. outcomes.Select(o => o is Done done ? JsonText.Value(done.Text) : null)]))
            : Joined(outcomes.OfType<Done>().Select(d => d.Text)));
    });

    /// <summary>What parts that go on at the same time are together when that is no result: under way, or failed; all failures make one.</summary>
    private static Outcome? Together(string name, IReadOnlyList<Outcome> outcomes)
    {
        if (outcomes.OfType<Failed>().FirstOrDefault() is { } failed)
        {
            return failed;
        }

        if (outcomes.Contains(Outcome.Pending))
        {
            return Outcome.Pending;
        }

        var failures = outcomes.OfType<Done>().Select(d => d.Forgiven).OfType<CallFailure>().ToList();
        return failures.Count > 0 && outcomes.All(o => o is not Done { Forgiven: null })
            ? new Failed(failures[0].Kind, $"All parts of '{name}' failed; the first: {failures[0].Message}", failures[0].Hint)
            : null;
    }

    private Outcome Choose(ChooseStage choose, FlowValues values)
    {
        var taken = choose.Cases.FirstOrDefault(c => c.When?.Holds(values) ?? true);
        foreach (var other in choose.Cases.Where(c => c != taken))
        {
            values.Set(other.Name, Outcome.Skipped);
        }

        return taken is null ? Outcome.Skipped : Evaluate(taken, values);
    }

    private Outcome Review(ReviewStage review, FlowValues values)
    {
        var task = TaskOf(review.Writer).Fill(values, out _);
        var (draft, critique) = ("", "");
        for (var round = 1; round <= review.Rounds; round++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"{values.Prefix}{review.Name}.{round}/");
            var written = Evaluate(round == 1 ? Strict(review.Writer) : Revising(review), Within(values, prefix, (task, draft, critique)));
            if (written is not Done text)
            {
                // A revision that fails does not take the draft with it.
                return written is Failed && round > 1 && review.Writer.OnFailure != OnFailure.Fail ? new Done(draft) : written;
            }

            draft = text.Text;
            var verdict = Evaluate(Strict(review.Reviewer), Within(values, prefix, (task, draft, critique)));
            if (verdict is not Done said)
            {
                return verdict is Failed && review.Reviewer.OnFailure != OnFailure.Fail ? new Done(draft) : verdict;
            }

            critique = said.Text;
            if (ReviewTexts.Accepts(critique, review.Accept))
            {
                return new Done(draft);
            }
        }

        return review.DeliverUnaccepted
            ? new Done(draft)
            : new Failed(
                "not_accepted",
                $"The reviewer of '{review.Name}' did not accept the draft after {review.Rounds} reviews; the last one says: {Yaml.Quoted.Cut(critique, 300)}",
                "Raise rounds, make the criteria clearer, or take the last draft (on_refusal: deliver).");
    }

    private static FlowValues Within(FlowValues values, string prefix, (string Task, string Draft, string Review) reviewed) =>
        new(values, prefix, values.Find("input", null)!.Value.Text) { Reviewed = reviewed, Previous = values.Previous };

    /// <summary>The stage with its failure as it is: the review decides what it means.</summary>
    private Stage Strict(Stage stage) => stage switch
    {
        AgentStage { OnFailure: not OnFailure.Fail } agent => agent with { OnFailure = OnFailure.Fail, Policy = agent.Policy.OrDefault(progress.State) },
        _ => stage with { OnFailure = OnFailure.Fail },
    };

    private static TextTemplate TaskOf(Stage writer) => writer is AgentStage agent ? agent.Input : ((PromptStage)writer).Prompt;

    private Stage Revising(ReviewStage review) => Strict(
        review.Writer is AgentStage agent ? agent with { Input = review.Revise } : (PromptStage)review.Writer with { Prompt = review.Revise });

    private static JsonArray? Items(string text) => JsonText.Find(text) switch
    {
        JsonArray items => items,
        JsonObject members when members.Select(m => m.Value).OfType<JsonArray>().ToList() is [var only] => only,
        _ => null,
    };

    private static string Joined(IEnumerable<string> texts)
    {
        var joined = new StringBuilder();
        foreach (var text in texts)
        {
            joined.Append(joined.Length == 0 ? "" : "\n\n").Append(text);
            if (joined.Length > TextTemplate.LongestResult)
            {
                break;
            }
        }

        return TextTemplate.Clip(joined.ToString(), TextTemplate.LongestResult);
    }
}
