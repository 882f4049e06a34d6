namespace Minion.Crash.Load;

/// <summary>The agents of the load. Their answers are templates over what the tools really returned.</summary>
internal static class ClusterText
{
    public const string Reader = "reader";
    public const string Writer = "writer";
    public const string Asker = "asker";

    /// <summary>Tells <see cref="Recorder"/> two things, by messages to a topic.</summary>
    public const string Herald = "herald";

    /// <summary>Each message to <see cref="Topic"/> starts a run of it.</summary>
    public const string Recorder = "recorder";

    public const string Topic = "notes";

    /// <summary>What the recorder is told of a message.</summary>
    public const string RecorderInput = "note {{payload}}";

    /// <summary>The schedule that starts a run every two seconds.</summary>
    public const string Beat = "beat";

    public const string Yaml =
        """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: crash, description: Runs that are interrupted }
        resource_policy: { max_steps: 40, max_tokens: 1000000, timeout: 1h }
        models:
          - name: player
            provider: scripted
            script:
              delay: 30ms
              rules:
                - match: 'sum (?<a>\d+) (?<b>\d+) (?<c>\d+)'
                  sequence: true
                  calls:
                    - tool: calculator
                      arguments: { expression: '{{a}} + {{b}}' }
                    - tool: time
                      arguments: { place: 'Tokyo' }
                    - tool: calculator
                      arguments: { expression: '{{calls.0.value}} * {{c}}' }
                    - tool: calculator
                      arguments: { expression: '{{calls.2.value}} - 1' }
                  say: 'The first sum is {{calls.0.value}} and that many times the third number is {{calls.2.value}} so that one less makes {{calls.3.value}}'
                - match: 'keep (?<text>n-[\d-]+)'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}' } } ]
                  say: 'kept {{text}}'
                - match: 'chain (?<text>n-[\d-]+)'
                  sequence: true
                  calls:
                    - { tool: count_read, arguments: { text: '{{text}}-r' } }
                    - { tool: count_add, arguments: { text: '{{text}}-0' } }
                    - { tool: count_put, arguments: { text: '{{text}}-p' } }
                    - { tool: count_add, arguments: { text: '{{text}}-1' } }
                  say: 'chained {{text}} one after the other'
                - match: 'tell (?<text>n-[\d-]+)'
                  sequence: true
                  calls:
                    - { tool: send_message, arguments: { to: 'topic:notes', performative: inform, content: '{{text}}-a' } }
                    - { tool: send_message, arguments: { to: 'topic:notes', performative: inform, content: '{{text}}-b' } }
                  say: 'told {{text}}'
                - match: 'note "?(?<text>n-[\d-]+[ab])'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}' } } ]
                  say: 'noted {{text}}'
              otherwise: Nothing to do.
        agents:
          - { name: reader, instructions: Reads., model: player, behaviour: react, tools: [calculator, time] }
          - { name: writer, instructions: Writes., model: player, behaviour: react, tools: [count_read, count_put, count_add] }
          - name: asker
            instructions: Asks before it writes.
            model: player
            behaviour: react
            tools: [count_read, count_put, count_add]
            approvals: [ { tool: count_add } ]
          - { name: herald, instructions: Tells., model: player, behaviour: react, tools: [send_message] }
          - { name: recorder, instructions: Notes., model: player, behaviour: react, tools: [count_add] }
        schedules:
          - { name: beat, agent: reader, input: 'sum {{number}} 2 3', every: 2s, missed: all, overlap: allow }
        """;
}
