namespace Minion.Orchestration.Tests.Runs.Trees;

/// <summary>Scripts of agents that start others.</summary>
internal static class Teams
{
    public const string Echo = """{"rules":[],"otherwise":"echo."}""";

    /// <summary>Says the first word of what it is asked, with an exclamation mark.</summary>
    public const string Repeat = """{"rules":[{"match":"^(?<word>\\w+)","say":"{{word}}!"}],"otherwise":"?"}""";

    /// <summary>Gives all after the name to the agent of that name.</summary>
    public const string Asks =
        """
        {"rules":[{"match":"ask (?<who>\\S+) (?<what>.+)","calls":[{"tool":"run_agent","arguments":{"agent":"{{who}}","input":"{{what}}"}}],
          "say":"They said: {{run_agent.output}}","on_error":"No: {{error}}"}],"otherwise":"?"}
        """;

    /// <summary>Gives both texts of each <c>[agent:text|text]</c> to the agent, all at the same time.</summary>
    public const string AsksMany =
        """
        {"rules":[{"match":"\\[(?<who>[^:]+):(?<a>[^|]+)\\|(?<b>[^\\]]+)\\]","calls":[
          {"tool":"run_agent","arguments":{"agent":"{{who}}","input":"{{a}}"}},{"tool":"run_agent","arguments":{"agent":"{{who}}","input":"{{b}}"}}],
          "say":"{{calls.0.output}} {{calls.1.output}}","on_error":"No: {{error}}"}],"otherwise":"?"}
        """;

    public static string AsksItself(string name) =>
        $$$"""
        {"rules":[{"match":"go","calls":[{"tool":"run_agent","arguments":{"agent":"{{{name}}}","input":"go"}}],
          "say":"{{run_agent.output}}","on_error":"No: {{error}}"}],"otherwise":"?"}
        """;

    public static string HandsOff(string name) =>
        $$$"""
        {"rules":[{"match":"money","calls":[{"tool":"hand_off","arguments":{"agent":"{{{name}}}","message":"The user asks for money."}}],
          "say":"I should not speak.","on_error":"No: {{error}}"}],"otherwise":"?"}
        """;
}
