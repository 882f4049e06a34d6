using Minion.Orchestration.Clusters;
using Minion.Orchestration.Runs.Behaviours;

namespace Minion.Orchestration.Tests.Clusters;

/// <summary>Cluster files for tests.</summary>
internal static class Files
{
    public const string Hello = """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: hello, description: "The first one", labels: { team: demo } }
        resource_policy: { max_steps: 20, max_tokens: 50000, timeout: 5m }
        models:
          - name: default
            provider: scripted
            script:
              delay: 0ms
              rules:
                - match: '(?<a>\d+) plus (?<b>\d+)'
                  calls:
                    - tool: calculator
                      arguments: { expression: '{{a}} + {{b}}' }
                  say: 'That is {{calculator.value}}.'
              otherwise: 'Try: 1 plus 2'
          - name: big
            provider: openai-compatible
            url: ${BIG_URL:-http://localhost:11434/v1}
            model: qwen3:8b
            api_key: ${BIG_API_KEY}
            timeout: 60s
        agents:
          - name: hello
            description: Says hello
            instructions: |
              You are friendly.
              You use tools.
            behaviour: react
            tools: [calculator, time]
            limits: { max_steps: 5 }
            capabilities: [arithmetic]
            labels: { tier: demo }
            metadata: { owner: ada }
            temperature: 0.2
            max_output_tokens: 1000
          - name: plain
            model: big
            behaviour: direct
        """;

    public static ClusterReading Read(string content, params (string Name, string Value)[] environment) =>
        ClusterFileReader.Read(content, "hello.yaml", environment.ToDictionary(e => e.Name, e => e.Value), BehaviourRegistry.BuiltIn);

    /// <summary><c>line:column path: message</c> of each problem.</summary>
    public static IReadOnlyList<string> ErrorsOf(string content, params (string Name, string Value)[] environment) =>
        [.. Read(content, environment).Problems.InOrder.Select(p => $"{p.Position.Line}:{p.Position.Column} {p.Path}: {p.Message}")];

    /// <summary>A file with one agent, whose remaining lines are given.</summary>
    public static string WithAgent(string lines) =>
        "apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: c }\nagents:\n  - name: a\n" + Indented(lines, "    ");

    /// <summary>A file with one model, whose remaining lines are given.</summary>
    public static string WithModel(string lines) =>
        "apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: c }\nmodels:\n  - name: m\n" + Indented(lines, "    ");

    private static string Indented(string lines, string by) => string.Join('\n', lines.Split('\n').Select(l => by + l)) + "\n";
}
