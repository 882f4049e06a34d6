using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads one entry of <c>agents</c>. The keys are the fields of the proto.</summary>
internal static class AgentReader
{
    /// <summary>A team is an agent whose behaviour starts others.</summary>
    public static AgentDefinition Read(MapReader reader, Limits policy, BehaviourRegistry behaviours, Problems problems)
    {
        var definition = new AgentDefinition
        {
            Name = reader.RequiredText("name", TextRules.NameForm),
            Description = reader.Text("description"),
            Instructions = reader.Text("instructions"),
            Model = reader.Text("model"),
        };
        (definition.Behaviour, definition.BehaviourOptions) = BehaviourReader.Read(reader, problems);
        definition.Tools.Add(reader.Texts("tools"));
        definition.Limits = LimitsReader.Fill(LimitsReader.Read(reader.Mapping("limits")), policy);
        definition.Capabilities.Add(reader.Texts("capabilities"));
        definition.Labels.Add(reader.TextMap("labels").ToDictionary());
        definition.Permissions.Add(reader.Texts("permissions"));
        definition.Agents.Add(reader.Texts("agents"));
        definition.Metadata.Add(reader.TextMap("metadata").ToDictionary());
        definition.Approvals.Add(ApprovalReader.Read(reader, problems));
        definition.Context = ReadContext(reader.Mapping("context"), problems);
        if (reader.Number("temperature", 0, 2) is { } temperature)
        {
            definition.Temperature = temperature;
        }

        if (reader.Whole("max_output_tokens", 1, AgentRules.MostOutputTokens) is { } tokens)
        {
            definition.MaxOutputTokens = (int)tokens;
        }

        definition.Concurrency = (int)(reader.Whole("concurrency", 1, RunLimitWriter.Most) ?? 0);
        definition.IdleTimeout = reader.Duration("idle_timeout", AgentRules.LeastTimeout, AgentRules.LongestTimeout) is { } idle ? Duration.FromTimeSpan(idle) : null;
        reader.Done();
        var violations = new Violations();
        AgentRules.Check(definition, "", behaviours, violations);
        foreach (var violation in violations.Fields)
        {
            problems.AddUnder(reader.Map, BehaviourReader.Place(violation.Field, definition.Behaviour), violation.Message);
        }

        return AgentRules.Normalize(definition);
    }

    private static ContextSettings? ReadContext(MapReader? reader, Problems problems)
    {
        if (reader is null)
        {
            return null;
        }

        var context = new ContextSettings
        {
            MaxTokens = reader.Whole("max_tokens", ContextRules.LeastTokens, ContextRules.MostTokens) ?? 0,
            KeepLast = (int)(reader.Whole("keep_last", 1, ContextRules.MostKept) ?? 0),
        };
        if (Flags.Read(reader, "summarize", problems) is { } summarize)
        {
            context.Summarize = summarize;
        }

        context.Providers.Add(ContextProviderReader.Read(reader, problems));
        context.ProvidedTokens = (int)(reader.Whole("provided_tokens", ContextRules.LeastProvided, ContextRules.MostProvided) ?? 0);
        reader.Done();
        return context;
    }
}
