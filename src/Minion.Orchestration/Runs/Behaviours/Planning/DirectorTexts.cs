using System.Text;
using Minion.Orchestration.Runs.Behaviours.Templates;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours.Planning;

/// <summary>What the model of a director is asked. A change is a new version of the behaviour.</summary>
internal static class DirectorTexts
{
    private const int LongestResults = 200_000;

    public static string Plan(DirectorOptions options, string input) =>
        $$$"""
        Plan the work on the task below: divide it into tasks for the agents.

        Agents:
        {{{string.Join('\n', options.Members.Select(m => m.Description.Length == 0 ? $"- {m.Agent}" : $"- {m.Agent}: {m.Description}"))}}}

        Task:
        {{{input}}}

        {{{Form(options)}}}
        """;

    public static string Replan(DirectorOptions options, string input, IEnumerable<TaskResult> results) =>
        $$$"""
        Some of the planned work failed. Plan what is still to be done: keep what is done, and find another way for what failed.

        Agents:
        {{{string.Join('\n', options.Members.Select(m => m.Description.Length == 0 ? $"- {m.Agent}" : $"- {m.Agent}: {m.Description}"))}}}

        Task:
        {{{input}}}

        So far:
        {{{Results(results)}}}

        {{{Form(options)}}} Tasks that are done may be referred to, and are not repeated.
        """;

    public static string Answer(string input, IEnumerable<TaskResult> results) =>
        $"""
        The work on the task below is done. Answer the task from the results; where something failed, say what is missing.

        Task:
        {input}

        Results:
        {Results(results)}
        """;

    private static string Form(DirectorOptions options) =>
        $$$"""
        Answer with JSON and nothing else, at most {{{options.MostTasks}}} tasks:
        {"tasks": [{"id": "short-name", "agent": "one of the agents", "input": "what to do, complete in itself", "depends_on": ["ids of tasks that come before"]}]}
        Tasks that do not depend on each other are done at the same time. To use a result in an input, write {{tasks.ID.output}} there.
        """;

    private static string Results(IEnumerable<TaskResult> results)
    {
        var all = results.ToList();
        var each = Math.Max(500, LongestResults / Math.Max(1, all.Count));
        var text = new StringBuilder();
        foreach (var result in all)
        {
            text.Append(text.Length == 0 ? "" : "\n\n").Append("## ").Append(result.Task.Id).Append(" (").Append(result.Task.Agent).Append("): ").Append(result.Outcome switch
            {
                Done done => "done\n" + TextTemplate.Clip(done.Text, each),
                Failed failed => "failed\n" + TextTemplate.Clip(failed.Failure.Message, 2_000),
                _ => "not done",
            });
        }

        return text.Length == 0 ? "nothing" : text.ToString();
    }
}

/// <summary>A task and what came of it.</summary>
internal sealed record TaskResult(PlanTask Task, Outcome Outcome);
