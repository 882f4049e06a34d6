using System.Text.Json.Nodes;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>What a person said, as the JSON result that the model sees.</summary>
internal static class PersonJson
{
    public static string Result(string text) => new JsonObject { ["said_by_person"] = text }.ToJsonString();

    /// <summary>The answer to a question of the agent: the choice, where there were some, and the text.</summary>
    public static string Answer(string? choice, string? text)
    {
        var answer = new JsonObject();
        if (!string.IsNullOrEmpty(choice))
        {
            answer["choice"] = choice;
        }

        if (text is not null)
        {
            answer["answer"] = text;
        }

        return answer.ToJsonString();
    }
}
