namespace Minion.EndToEnd.Tests.Clusters;

/// <summary>An agent that takes its time: a tool call, and then an answer of twenty words.</summary>
internal static class SlowCluster
{
    public const string Answer = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";

    public static string Yaml(int milliseconds = 150) => $$"""
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: slow }
        models:
          - name: slow
            provider: scripted
            script:
              delay: {{milliseconds}}ms
              rules:
                - match: 'count'
                  calls:
                    - tool: notes_add
                      arguments: { text: 'counting' }
                  say: '{{Answer}}'
              otherwise: 'Say count.'
        agents:
          - name: slow
            instructions: Count.
            model: slow
            behaviour: react
            tools: [notes_add, notes_list]
        """;
}
