namespace Minion.Crash.Exhaustive;

/// <summary>The canonical runs. A new behaviour has one here.</summary>
internal static class Scenarios
{
    public const string Yaml =
        """
        apiVersion: minion.dev/v1
        kind: AgentCluster
        metadata: { name: canonical, description: One run of each kind }
        resource_policy: { max_steps: 40, max_tokens: 1000000, timeout: 1h }
        models:
          - name: at-once
            provider: scripted
            script:
              rules:
                - match: 'work (?<text>n-[\d-]+)'
                  sequence: true
                  calls:
                    - { tool: count_read, arguments: { text: '{{text}}-r' } }
                    - { tool: count_put, arguments: { text: '{{text}}-p' } }
                    - { tool: count_add, arguments: { text: '{{text}}-a' } }
                  say: 'worked {{text}}'
                - match: 'together (?<text>n-[\d-]+)'
                  calls:
                    - { tool: count_add, arguments: { text: '{{text}}-a' } }
                    - { tool: count_add, arguments: { text: '{{text}}-b' } }
                    - { tool: count_put, arguments: { text: '{{text}}-c' } }
                  say: 'did together {{text}}'
              otherwise: Nothing to do.
          - name: in-time
            provider: scripted
            script:
              delay: 40ms
              rules:
                - match: 'slowly (?<text>n-[\d-]+)'
                  sequence: true
                  calls:
                    - { tool: count_read, arguments: { text: '{{text}}-r' } }
                    - { tool: count_add, arguments: { text: '{{text}}-a' } }
                    - { tool: count_read, arguments: { text: '{{text}}-s' } }
                  say: 'did it slowly word by word {{text}}'
              otherwise: Nothing to do.
        agents:
          - { name: canonical-react, instructions: Works., model: at-once, behaviour: react, tools: [count_read, count_put, count_add] }
          - { name: canonical-direct, instructions: Answers., model: at-once, behaviour: direct }
          - { name: canonical-slow, instructions: Takes its time., model: in-time, behaviour: react, tools: [count_read, count_add] }
          - name: canonical-asking
            instructions: Asks first.
            model: at-once
            behaviour: react
            tools: [count_read, count_put, count_add]
            approvals: [ { tool: count_add } ]
          - name: canonical-hurried
            instructions: Asks first, and does not wait for long.
            model: at-once
            behaviour: react
            tools: [count_read, count_put, count_add]
            approvals: [ { tool: 'count_add', timeout: 1s, on_timeout: approve } ]
        """;

    private static readonly Func<string, string[]> Working = text => [$"{text}-r", $"{text}-p", $"{text}-a"];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("react", "canonical-asking", t => $"work {t}", t => $"worked {t}", Working),
        new("direct", "canonical-direct", t => $"say {t}", _ => "Nothing to do.", _ => []),
        new("together", "canonical-react", t => $"together {t}", t => $"did together {t}", t => [$"{t}-a", $"{t}-b", $"{t}-c"]),
        new("session", "canonical-react", t => $"work {t}", t => $"worked {t}", Working) { InSession = true },
        new("cancel", "canonical-asking", t => $"work {t}", t => $"worked {t}", _ => []) { IsCancelled = true, IsLeftAlone = true },
        new("expiry", "canonical-hurried", t => $"work {t}", t => $"worked {t}", Working) { IsLeftAlone = true },
        new("drain", "canonical-slow", t => $"slowly {t}", t => $"did it slowly word by word {t}", t => [$"{t}-r", $"{t}-a", $"{t}-s"]) { StoppedAfter = 3 },
        new("recovery", "canonical-react", t => $"work {t}", t => $"worked {t}", Working) { KilledFirstAt = "append.after.intent:1" },
    ];
}
