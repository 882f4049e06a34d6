using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Minion.Orchestration.Runs.Behaviours.Templates;
using Minion.Yaml;

namespace Minion.Orchestration.Runs.Behaviours.Planning;

/// <summary>
/// Reads a plan that a model wrote: <c>{"tasks": [{"id", "agent", "input", "depends_on"}]}</c>. Pure; names all that is wrong, in words that the
/// model can act on.
/// </summary>
internal sealed partial class PlanReader
{
    private const int LongestInput = 20_000;
    private const int MostErrors = 30;
    private static readonly Dictionary<string, bool> Roots = new() { ["tasks"] = true, ["input"] = false };
    private readonly PlanRules _rules;
    private readonly List<string> _errors = [];

    private PlanReader(PlanRules rules) => _rules = rules;

    public static PlanReading Read(string text, PlanRules rules) => new PlanReader(rules).Read(text);

    private PlanReading Read(string text)
    {
        if (JsonText.Find(text) is not JsonObject plan)
        {
            return Wrong("The answer holds no JSON object. Answer with the plan as JSON and nothing else.");
        }

        if (plan["tasks"] is not JsonArray items)
        {
            return Wrong("The plan has no list 'tasks'.");
        }

        if (items.Count == 0)
        {
            return Wrong("The plan has no tasks; it needs at least one.");
        }

        if (items.Count > _rules.MostTasks)
        {
            return Wrong($"The plan has {items.Count:N0} tasks; at most {_rules.MostTasks} are allowed.");
        }

        foreach (var key in plan.Select(p => p.Key).Where(k => k != "tasks"))
        {
            _errors.Add($"The plan has the unknown key '{Quoted.Cut(key, 40)}'; only 'tasks' is allowed.");
        }

        var tasks = new List<PlanTask>();
        foreach (var (i, item) in items.Index())
        {
            if (Task(item, i) is { } task)
            {
                tasks.Add(task);
            }
        }

        CheckReferences(tasks);
        var ordered = _errors.Count == 0 ? Order(tasks) : [];
        return _errors.Count == 0 ? new PlanReading(ordered, []) : new PlanReading([], Bounded());
    }

    private PlanTask? Task(JsonNode? item, int index)
    {
        if (item is not JsonObject task)
        {
            _errors.Add($"tasks[{index}] is no object.");
            return null;
        }

        var at = $"tasks[{index}]";
        foreach (var key in task.Select(p => p.Key).Where(k => k is not ("id" or "agent" or "input" or "depends_on")))
        {
            _errors.Add($"{at} has the unknown key '{Quoted.Cut(key, 40)}'; allowed are id, agent, input and depends_on.");
        }

        var id = Text(task, "id", at);
        var agent = Text(task, "agent", at);
        var input = Text(task, "input", at);
        if (id is not null && !IdForm.IsMatch(id))
        {
            _errors.Add($"{at}.id is '{Quoted.Cut(id, 40)}'; an id has 1 to 40 letters, digits, hyphens and underscores.");
            id = null;
        }

        if (agent is not null && !_rules.Members.Contains(agent))
        {
            _errors.Add($"{at}.agent is '{Quoted.Cut(agent, 40)}', which is not one of the agents: {string.Join(", ", _rules.Members)}.");
        }

        if (input?.Length > LongestInput)
        {
            _errors.Add($"{at}.input has {input.Length:N0} characters; at most {LongestInput:N0} are allowed.");
            input = null;
        }

        var after = After(task["depends_on"], at);
        if (id is null || agent is null || input is null)
        {
            return null;
        }

        var template = TextTemplate.Parse(input, Roots, message => _errors.Add($"{at}.input {message}"), keepOthers: true);
        return new PlanTask(id, agent, template, [.. after.Concat(template.References.Select(r => r.Name).OfType<string>()).Distinct()]);
    }

    private string? Text(JsonObject task, string key, string at)
    {
        if (task[key] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        _errors.Add(task[key] is null ? $"{at} has no {key}." : $"{at}.{key} must be a text that says something.");
        return null;
    }

    private List<string> After(JsonNode? given, string at)
    {
        var ids = new List<string>();
        foreach (var item in given is null ? [] : given as JsonArray ?? [null])
        {
            if (item is JsonValue value && value.TryGetValue<string>(out var id))
            {
                ids.Add(id);
            }
            else
            {
                _errors.Add($"{at}.depends_on must be a list of ids of tasks.");
            }
        }

        return ids;
    }

    private void CheckReferences(List<PlanTask> tasks)
    {
        var known = new HashSet<string>(_rules.Finished, StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            if (_rules.Finished.Contains(task.Id))
            {
                _errors.Add($"The task '{task.Id}' is done already; leave it out, or give the new task another id.");
            }
            else if (!known.Add(task.Id))
            {
                _errors.Add($"The id '{task.Id}' is used twice.");
            }
        }

        foreach (var task in tasks)
        {
            foreach (var missing in task.After.Where(a => !known.Contains(a)))
            {
                _errors.Add($"The task '{task.Id}' needs '{Quoted.Cut(missing, 40)}', which is no task of the plan.");
            }
        }
    }

    /// <summary>Each after those that it needs (Kahn, 1962), otherwise as the plan has them; what is left over when no more is ready are cycles.</summary>
    private List<PlanTask> Order(List<PlanTask> tasks)
    {
        var ids = tasks.Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
        var ordered = new List<PlanTask>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var left = tasks;
        while (left.Count > 0)
        {
            var ready = left.FindAll(t => t.After.All(a => done.Contains(a) || !ids.Contains(a)));
            if (ready.Count == 0)
            {
                _errors.Add($"The plan has a cycle: {Cycle(left)}. No task may need itself, directly or through others.");
                return [];
            }

            ordered.AddRange(ready);
            ready.ForEach(t => done.Add(t.Id));
            left = left.FindAll(t => !done.Contains(t.Id));
        }

        return ordered;
    }

    private static string Cycle(List<PlanTask> left)
    {
        var byId = left.ToDictionary(t => t.Id);
        var way = new List<string>();
        var at = left[0];
        while (!way.Contains(at.Id))
        {
            way.Add(at.Id);
            at = byId[at.After.First(byId.ContainsKey)];
        }

        way.Add(at.Id);
        return string.Join(" → ", way.Skip(way.IndexOf(at.Id)).Take(20));
    }

    private static PlanReading Wrong(string error) => new([], [error]);

    private IReadOnlyList<string> Bounded() =>
        _errors.Count <= MostErrors ? _errors : [.. _errors.Take(MostErrors), $"… and {_errors.Count - MostErrors} more."];

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", RegexOptions.NonBacktracking)]
    private static partial Regex IdForm { get; }
}
