namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>The tools that are decisions about the run. A new one is a class in this folder and a line here.</summary>
internal static class EngineToolList
{
    public const string RunAgent = "run_agent";
    public const string HandOff = "hand_off";
    public const string AskPerson = "ask_person";

    public static IReadOnlyList<IDecidingTool> Deciding { get; } =
    [
        new RunAgentTool(),
        new HandOffTool(),
        new AskPersonTool(),
    ];

    public static IDecidingTool? FindDeciding(string name) => Deciding.FirstOrDefault(t => t.Name == name);
}
