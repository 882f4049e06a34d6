using Minion.Bench.Echo;

namespace Minion.Bench.Load;

/// <summary>The agents of the load. Their model answers at once, so that what is measured is the engine.</summary>
internal static class ClusterText
{
    /// <summary>Its runs have three steps: the model asks for a tool, the tool, the model answers.</summary>
    public const string Adder = "adder";

    /// <summary>Its runs ask a person, and wait.</summary>
    public const string Waiter = "waiter";

    /// <summary>Its runs take so many steps, then ask a person.</summary>
    public const string Walker = "walker";

    /// <summary>Its runs answer word by word.</summary>
    public const string Speaker = "speaker";

    public const string OfAdder =
        """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: bench, description: Runs as fast as they go }
        models:
          - name: player
            provider: scripted
            script:
              rules:
                - match: 'add (?<a>\d+) (?<b>\d+)'
                  calls: [ { tool: calculator, arguments: { expression: '{{a}} + {{b}}' } } ]
                  say: 'The sum is {{calculator.value}}.'
              otherwise: Nothing to do.
        agents:
          - { name: adder, instructions: Adds., model: player, behaviour: react, tools: [calculator] }
        """;

    public const string OfWaiter =
        $$$"""
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: bench, description: Runs that wait }
        models:
          - name: player
            provider: scripted
            script:
              rules:
                - match: 'post (?<letter>\d+)'
                  calls: [ { tool: {{{UndecidedTools.ToolName}}}, arguments: { letter: '{{letter}}' } } ]
                  say: Posted.
              otherwise: Nothing to do.
        agents:
          - { name: waiter, instructions: Posts., model: player, behaviour: react, tools: [{{{UndecidedTools.ToolName}}}] }
        """;

    /// <summary>Agents that take so many steps, or one.</summary>
    public static string OfWalker(int steps) =>
        $$$"""
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: bench-long, description: One long run }
        models:
          - name: walking
            provider: scripted
            script:
              rules:
                - match: 'post (?<number>\d+)'
                  calls: [ { tool: {{{UndecidedTools.ToolName}}}, arguments: { number: '{{number}}' } } ]
                  say: posted
              otherwise: on
        agents:
          - { name: walker, instructions: Walks., model: walking, tools: [{{{UndecidedTools.ToolName}}}], behaviour: { walk: { steps: {{{steps}}} } }, limits: { max_steps: {{{steps + 10}}}, max_tokens: 10000000, timeout: 1h } }
          - { name: walker-of-one, instructions: Walks., model: walking, tools: [{{{UndecidedTools.ToolName}}}], behaviour: { walk: { steps: 1 } }, limits: { timeout: 1h } }
        """;

    /// <summary>An agent that says so many words, with a pause of <paramref name="pause"/> milliseconds between two.</summary>
    public static string OfSpeaker(int words, int pause) =>
        $$$"""
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: bench-speech, description: Runs that stream }
        models:
          - name: speaking
            provider: scripted
            script:
              delay: {{{pause}}}ms
              rules:
                - match: 'speak'
                  say: '{{{string.Join(' ', Enumerable.Range(0, words).Select(i => $"word{i}"))}}}'
              otherwise: Nothing to say.
        agents:
          - { name: speaker, instructions: Speaks., model: speaking, behaviour: direct }
        """;
}
