namespace Minion.Orchestration.Runs.Behaviours.Planning;

/// <summary>An agent that a director may give tasks to.</summary>
internal sealed record DirectorMember(string Agent, string Description);

/// <summary>What a director does when a task fails.</summary>
internal enum OnTaskFailure
{
    /// <summary>Its model makes a new plan for what is left.</summary>
    Replan,

    /// <summary>The tasks that need it are left out, and the answer is made of what there is.</summary>
    Continue,

    /// <summary>The run fails.</summary>
    Fail,
}

/// <summary>The options of a director.</summary>
internal sealed record DirectorOptions(
    IReadOnlyList<DirectorMember> Members, int MostTasks, int MostParallel, int MostReplans, OnTaskFailure OnFailure, MemberPolicy Policy)
{
    private const int MostMembers = 50;
    private static readonly string[] Failures = ["replan", "continue", "fail"];

    public static DirectorOptions Read(OptionsReader options, Action<string, string> member)
    {
        var members = new List<DirectorMember>();
        foreach (var (value, path) in options.Items("members", MostMembers))
        {
            var (agent, description, place) = (value.ToString(), "", path);
            if (value.ValueKind != System.Text.Json.JsonValueKind.String)
            {
                if (options.Within(value, path) is not { } item)
                {
                    continue;
                }

                (agent, description, place) = (item.RequiredText("agent", "the name of an agent", 63), item.Text("description", 2_000) ?? "", item.Under("agent"));
                item.Done();
            }

            member(place, agent);
            if (members.Exists(m => m.Agent == agent))
            {
                options.ProblemAt(place, $"'{Yaml.Quoted.Cut(agent, 63)}' is named twice.");
            }

            members.Add(new DirectorMember(agent, description));
        }

        if (members.Count == 0 && options.IsSound)
        {
            options.Problem("members", "is missing: a list of the agents that get tasks.");
        }

        var read = new DirectorOptions(
            members,
            options.Whole("max_tasks", 32, 1, 200),
            options.Whole("max_parallel", 8, 1, 100),
            options.Whole("replans", 2, 0, 10),
            (OnTaskFailure)Array.IndexOf(Failures, options.Word("on_failure", Failures[0], Failures)),
            MemberPolicy.Read(options, "task_timeout"));
        options.Done();
        return read;
    }
}
