using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>What a definition says about its behaviour: the name and the options.</summary>
internal static class BehaviourOptions
{
    /// <summary>The field that holds the options, over gRPC.</summary>
    public const string Field = "behaviour_options";

    private const int MostProblems = 100;

    /// <summary>Equal options are stored equally; those that say nothing are empty.</summary>
    public static string Normalize(string options)
    {
        try
        {
            var text = options.Length == 0 ? "" : JsonNode.Parse(options)?.ToJsonString() ?? "";
            return text == "{}" ? "" : text;
        }
        catch (JsonException)
        {
            return options;
        }
    }

    /// <summary>Notes all that is wrong.</summary>
    public static void Check(AgentDefinition definition, string prefix, BehaviourRegistry behaviours, Violations violations)
    {
        if (behaviours.Newest(definition.Behaviour) is not { } behaviour)
        {
            violations.Add(prefix + "behaviour", $"must be one of {string.Join(", ", behaviours.Names)}, not '{Quoted.Cut(definition.Behaviour, 80)}'.");
            return;
        }

        if (!violations.Check(
            definition.BehaviourOptions.Length <= AgentRules.LongestOptions, prefix + Field,
            $"has {definition.BehaviourOptions.Length:N0} characters; at most {AgentRules.LongestOptions:N0} are allowed."))
        {
            return;
        }

        var check = BehaviourCheck.Of(behaviour, definition.BehaviourOptions);
        foreach (var problem in check.Problems.Take(MostProblems))
        {
            violations.Add(prefix + Path(problem.Path), problem.Message);
        }

        var name = definition.Behaviour.Length == 0 ? BehaviourList.Default : definition.Behaviour;
        violations.Check(
            check.UsesTools || definition.Tools.Count == 0, prefix + "tools",
            $"the behaviour {name} calls no tools; use {BehaviourList.Default}, or leave the tools out.");
    }

    /// <summary>The agents that runs of a definition start; none when its options cannot be read.</summary>
    public static IReadOnlyList<TeamMember> Members(AgentDefinition definition, BehaviourRegistry behaviours) =>
        Read(definition, behaviours)?.Members ?? [];

    /// <summary>Whether runs of a definition call its own model.</summary>
    public static bool UsesModel(AgentDefinition definition, BehaviourRegistry behaviours) => Read(definition, behaviours)?.UsesModel ?? true;

    /// <summary>Where an option stands, as a field of the definition.</summary>
    public static string Path(string path) => path.Length == 0 ? Field : $"{Field}.{path}";

    private static BehaviourCheck? Read(AgentDefinition definition, BehaviourRegistry behaviours) =>
        behaviours.Newest(definition.Behaviour) is { } behaviour && definition.BehaviourOptions.Length <= AgentRules.LongestOptions
            ? BehaviourCheck.Of(behaviour, definition.BehaviourOptions)
            : null;
}
