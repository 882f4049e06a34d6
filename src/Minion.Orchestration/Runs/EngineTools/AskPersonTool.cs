using System.Text.Json;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>Asks a person and waits for the answer, which is the result of the call.</summary>
internal sealed class AskPersonTool : IDecidingTool
{
    private const int LongestQuestion = 10_000;
    private const int MostChoices = 20;
    private const int LongestChoice = 200;

    private static readonly JsonElement Schema = JsonDocument.Parse(
        """
        {
          "type": "object",
          "properties": {
            "question": { "type": "string", "description": "The question, with everything that the person needs to know to answer it." },
            "choices": {
              "type": "array", "items": { "type": "string" }, "maxItems": 20,
              "description": "The possible answers, where there are only a few. Without them the person answers freely."
            }
          },
          "required": ["question"],
          "additionalProperties": false
        }
        """).RootElement.Clone();

    public string Name => EngineToolList.AskPerson;

    public ToolDescription Describe(AgentDefinition agent) => new(
        Name,
        "1",
        "Asks a person a question and returns the answer. That may take long: ask only what you cannot find out otherwise, and all of it at once.",
        Schema,
        ToolEffect.Idempotent);

    public Decision Decide(CallState call, RunState state)
    {
        Read(call, out var arguments);
        return arguments.Refusal("""Call it with {"question": "…", "choices": ["…", "…"]}, or without choices.""") ?? (Decision)new Ask([call]);
    }

    /// <summary>What the call asks. Its arguments are right: <see cref="Decide"/> has seen to that.</summary>
    public static (string Question, IReadOnlyList<string> Choices) Read(CallState call) => Read(call, out _);

    private static (string Question, IReadOnlyList<string> Choices) Read(CallState call, out CallArguments arguments)
    {
        arguments = new CallArguments(call);
        return (arguments.Text("question", LongestQuestion), arguments.Texts("choices", MostChoices, LongestChoice));
    }
}
