using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads one entry of <c>agents</c>. The keys are the fields of the proto.</summary>
internal static class AgentReader
{
    public static AgentDefinition Read(MapReader reader, Limits policy, Problems problems)
    {
        var definition = new AgentDefinition
        {
            Name = reader.RequiredText("name", TextRules.NameForm),
            Description = reader.Text("description"),
            Instructions = reader.Text("instructions"),
            Model = reader.Text("model"),
            Behaviour = reader.Text("behaviour"),
            Tools = { reader.Texts("tools") },
            Limits = LimitsReader.Fill(LimitsReader.Read(reader.Mapping("limits")), policy),
            Capabilities = { reader.Texts("capabilities") },
            Labels = { reader.TextMap("labels").ToDictionary() },
            Permissions = { reader.Texts("permissions") },
            Metadata = { reader.TextMap("metadata").ToDictionary() },
            Approvals = { ApprovalReader.Read(reader, problems) },
        };
        if (reader.Number("temperature", 0, 2) is { } temperature)
        {
            definition.Temperature = temperature;
        }

        if (reader.Whole("max_output_tokens", 1, AgentRules.MostOutputTokens) is { } tokens)
        {
            definition.MaxOutputTokens = (int)tokens;
        }

        reader.Done();
        var violations = new Violations();
        AgentRules.Check(definition, "", violations);
        foreach (var violation in violations.Fields)
        {
            problems.AddUnder(reader.Map, violation.Field, violation.Message);
        }

        return AgentRules.Normalize(definition);
    }
}
