using System.Text.Json.Nodes;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>What a person said, as the JSON result that the model sees.</summary>
internal static class PersonJson
{
    public static string Result(string text) => new JsonObject { ["said_by_person"] = text }.ToJsonString();
}
