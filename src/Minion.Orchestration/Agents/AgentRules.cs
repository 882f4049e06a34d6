using System.Globalization;
using Google.Protobuf.Collections;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.EngineTools;
using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>What a definition must be, whether it comes over gRPC or from a cluster file.</summary>
internal static class AgentRules
{
    public const int MostSteps = 10_000;
    public const int LongestDescription = 2000;
    public const int LongestInstructions = 100_000;
    public const int MostTools = 128;
    public const int MostCapabilities = 64;
    public const int MostOutputTokens = 1_000_000;
    public static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);
    public const int LongestOptions = 200_000;
    public static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromMinutes(10);
    private const int LongestLabel = 255;
    private const int LongestMetadata = 4000;
    private const int LongestWord = 128;

    /// <summary>Fills in what empty fields mean, so that equal definitions are stored equally.</summary>
    public static AgentDefinition Normalize(AgentDefinition given)
    {
        var definition = given.Clone();
        definition.Behaviour = definition.Behaviour.Length == 0 ? BehaviourList.Default : definition.Behaviour;
        definition.BehaviourOptions = BehaviourOptions.Normalize(definition.BehaviourOptions);
        definition.Model = definition.Model.Length == 0 ? Models.ModelDefinition.DefaultName : definition.Model;
        if (definition.Limits is { } limits)
        {
            limits.Timeout = limits.Timeout is { Seconds: 0, Nanos: 0 } ? null : limits.Timeout;
            limits.IdleTimeout = limits.IdleTimeout is { Seconds: 0, Nanos: 0 } ? null : limits.IdleTimeout;
            definition.Limits = limits.CalculateSize() == 0 ? null : limits;
        }

        definition.IdleTimeout = definition.IdleTimeout is { Seconds: 0, Nanos: 0 } ? null : definition.IdleTimeout;
        ApprovalRules.Normalize(definition.Approvals);

        definition.Context = ContextRules.Normalize(definition.Context);
        return definition;
    }

    /// <summary>Notes all that is wrong; <paramref name="prefix"/> leads to the definition, for example <c>definition.</c></summary>
    public static void Check(AgentDefinition definition, string prefix, BehaviourRegistry behaviours, Violations violations)
    {
        violations.Check(
            TextRules.IsName(definition.Name), prefix + "name",
            definition.Name.Length == 0 ? $"is missing: {TextRules.NameForm}." : $"'{Shorten(definition.Name)}' is not a name: {TextRules.NameForm}.");
        TextRules.CheckText(definition.Description, LongestDescription, prefix + "description", violations);
        TextRules.CheckText(definition.Instructions, LongestInstructions, prefix + "instructions", violations);
        violations.Check(
            definition.Model.Length == 0 || TextRules.IsModel(definition.Model), prefix + "model",
            $"'{Shorten(definition.Model)}' is not the name of a model: {TextRules.NameForm}; or provider/model of the catalog.");
        BehaviourOptions.Check(definition, prefix, behaviours, violations);
        CheckWords(definition.Tools, MostTools, ToolSelection.IsEntry, ToolSelection.Form, prefix + "tools", violations);
        foreach (var twice in definition.Tools.Where(t => t.Contains('@', StringComparison.Ordinal)).GroupBy(ToolSelection.NameOf).Where(g => g.Count() > 1))
        {
            violations.Add(prefix + "tools", $"has several versions of '{Shorten(twice.Key)}': {string.Join(", ", twice.Select(Shorten))}; an agent has one.");
        }

        CheckWords(definition.Capabilities, MostCapabilities, IsWord, $"must have 1 to {LongestWord} characters, none of them a control character", prefix + "capabilities", violations);
        CheckWords(definition.Permissions, MostCapabilities, IsWord, $"must have 1 to {LongestWord} characters, none of them a control character", prefix + "permissions", violations);
        CheckWords(definition.Agents, MostTools, TextRules.IsName, $"is not the name of an agent: {TextRules.NameForm}", prefix + "agents", violations);
        var starts = definition.Tools.FirstOrDefault(t => t is EngineToolList.RunAgent or EngineToolList.HandOff);
        violations.Check(
            starts is null || definition.Agents.Count > 0, prefix + "agents", $"is missing: name the agents that the tool {starts} may start.");
        TextRules.CheckPairs(definition.Labels, LongestLabel, prefix + "labels", violations);
        TextRules.CheckPairs(definition.Metadata, LongestMetadata, prefix + "metadata", violations);
        violations.Check(
            !definition.HasTemperature || definition.Temperature is >= 0 and <= 2, prefix + "temperature", $"must be a number from 0 to 2, not {definition.Temperature}.");
        violations.Check(
            !definition.HasMaxOutputTokens || definition.MaxOutputTokens is >= 1 and <= MostOutputTokens, prefix + "max_output_tokens",
            $"must be a whole number from 1 to {MostOutputTokens}, not {definition.MaxOutputTokens}.");
        CheckLimits(definition.Limits, prefix + "limits.", violations);
        violations.Check(
            definition.Concurrency is >= 0 and <= RunLimitWriter.Most, prefix + "concurrency",
            $"must be a whole number from 1 to {RunLimitWriter.Most}, or 0 for no limit, not {definition.Concurrency}.");
        violations.Check(
            definition.IdleTimeout is null or { Seconds: 0, Nanos: 0 } || IsTimeout(definition.IdleTimeout), prefix + "idle_timeout",
            "must be from 1 second to 30 days, in whole milliseconds, or absent for 10 minutes.");
        ContextRules.Check(definition.Context, prefix + "context.", violations);
        ApprovalRules.Check(definition.Approvals, prefix + "approvals", violations);
    }

    public const string CostForm = "must be a decimal number above 0 in USD, such as 0.50, or empty for no limit.";

    /// <summary>Whether a limit of cost is one, or empty.</summary>
    public static bool IsCost(string usd) => usd.Length == 0
        || (decimal.TryParse(usd, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is > 0 and <= 1_000_000_000);

    /// <summary>Also for the limits that a run asks for.</summary>
    public static void CheckLimits(Limits? limits, string prefix, Violations violations)
    {
        if (limits is null)
        {
            return;
        }

        violations.Check(limits.MaxSteps is >= 0 and <= MostSteps, prefix + "max_steps", $"must be a whole number from 1 to {MostSteps}, or 0 for the default, not {limits.MaxSteps}.");
        violations.Check(IsCost(limits.MaxCostUsd), prefix + "max_cost_usd", CostForm);
        violations.Check(limits.MaxTokens >= 0, prefix + "max_tokens", $"must be a whole number, 1 or more, or 0 for no limit, not {limits.MaxTokens}.");
        violations.Check(
            limits.MaxDepth is >= 0 and <= Runs.RunLimits.HighestMaxDepth, prefix + "max_depth",
            $"must be a whole number from 1 to {Runs.RunLimits.HighestMaxDepth}, or 0 for the default, not {limits.MaxDepth}.");
        violations.Check(
            limits.MaxChildren is >= 0 and <= Runs.RunLimits.HighestMaxChildren, prefix + "max_children",
            $"must be a whole number from 1 to {Runs.RunLimits.HighestMaxChildren}, or 0 for the default, not {limits.MaxChildren}.");
        violations.Check(
            limits.IdleTimeout is null or { Seconds: 0, Nanos: 0 } || IsTimeout(limits.IdleTimeout), prefix + "idle_timeout",
            "must be from 1 second to 30 days, in whole milliseconds, or absent for none.");
        violations.Check(
            limits.Timeout is null or { Seconds: 0, Nanos: 0 } || IsTimeout(limits.Timeout), prefix + "timeout",
            "must be from 1 second to 30 days, in whole milliseconds, or absent for the default.");
    }

    /// <summary>Whether it is within 1 second and 30 days.</summary>
    public static bool IsTimeout(Google.Protobuf.WellKnownTypes.Duration timeout) =>
        timeout.Nanos is >= 0 and < 1_000_000_000
        && timeout.Nanos % 1_000_000 == 0
        && timeout.Seconds >= LeastTimeout.TotalSeconds
        && (timeout.Seconds < LongestTimeout.TotalSeconds || (timeout.Seconds == (long)LongestTimeout.TotalSeconds && timeout.Nanos == 0));

    private static void CheckWords(RepeatedField<string> words, int most, Func<string, bool> isAllowed, string otherwise, string field, Violations violations)
    {
        violations.Check(words.Count <= most, field, $"has {words.Count} entries; at most {most} are allowed.");
        var seen = new HashSet<string>();
        foreach (var (i, word) in words.Take(most).Index())
        {
            if (violations.Check(isAllowed(word), $"{field}[{i}]", $"'{Shorten(word)}' {otherwise}."))
            {
                violations.Check(seen.Add(word), $"{field}[{i}]", $"'{word}' is named twice.");
            }
        }
    }

    private static bool IsWord(string word) => word.Length is >= 1 and <= LongestWord && !word.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    private static string Shorten(string text) => Quoted.Cut(text, 80);
}
