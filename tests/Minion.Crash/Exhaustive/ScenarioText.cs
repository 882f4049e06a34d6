namespace Minion.Crash.Exhaustive;

/// <summary>The agents of the canonical runs.</summary>
internal static class ScenarioText
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
          - name: adder
            provider: scripted
            script:
              rules:
                - match: '^add (?<text>n-\d+-\d+-[a-z])\s*$'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}' } } ]
                  say: 'added {{text}}'
                - match: '^add (?<text>n-\d+-\d+)-a\s+Give your answer[\s\S]*$'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}-b' } } ]
                  say: 'added {{text}}-b'
                - match: '^add (?<text>n-\d+-\d+)-a\s+You argue[\s\S]*$'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}-c' } } ]
                  say: 'added {{text}}-c'
                - match: '^add (?<text>n-\d+-\d+)-a\s+This was debated[\s\S]*$'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}-a' } } ]
                  say: 'added {{text}}-a'
                - match: '^added (?<text>n-\d+-\d+)-a\s*$'
                  calls: [ { tool: count_put, arguments: { text: '{{text}}-b' } } ]
                  say: 'piped {{text}}'
          - name: delegating
            provider: scripted
            script:
              rules:
                - match: '^delegate (?<text>n-\d+-\d+)\s*$'
                  calls:
                    - { tool: run_agent, arguments: { agent: canonical-adder, input: 'add {{text}}-a' } }
                    - { tool: run_agent, arguments: { agent: canonical-adder, input: 'add {{text}}-b' } }
                  say: 'delegated {{text}}'
          - name: directing
            provider: scripted
            script:
              rules:
                - match: '^Plan the work[\s\S]*?Task:\s*direct (?<text>n-\d+-\d+)\s[\s\S]*$'
                  say: >-
                    {"tasks": [
                    {"id": "one", "agent": "canonical-adder", "input": "add {{text}}-a"},
                    {"id": "two", "agent": "canonical-adder", "input": "add {{text}}-b"},
                    {"id": "three", "agent": "canonical-adder", "input": "add {{text}}-c", "depends_on": ["one", "two"]}]}
                - match: '^The work on the task below is done[\s\S]*?Task:\s*direct (?<text>n-\d+-\d+)\s[\s\S]*$'
                  say: 'directed {{text}}'
          - name: planning
            provider: scripted
            script:
              rules:
                - match: '^Plan the steps[\s\S]*?Task:\s*plan (?<text>n-\d+-\d+)\s[\s\S]*$'
                  say: '{"steps": ["add {{text}}-a", "add {{text}}-b"]}'
                - match: '^Do the next step[\s\S]*?Next step:\s*add (?<text>n-\d+-\d+-[a-z])\s*$'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}' } } ]
                  say: 'added {{text}}'
                - match: '^The steps of the task below are done[\s\S]*?Task:\s*plan (?<text>n-\d+-\d+)\s[\s\S]*$'
                  say: 'planned {{text}}'
          - name: drafting
            provider: scripted
            script:
              rules:
                - match: '^draft (?<text>n-\d+-\d+)\s*$'
                  say: 'draft {{text}}'
                - match: '^Revise the draft[\s\S]*?Task:\s*draft (?<text>n-\d+-\d+)\s[\s\S]*$'
                  calls: [ { tool: count_add, arguments: { text: '{{text}}-a' } } ]
                  say: 'final {{text}}'
          - name: judging
            provider: scripted
            script:
              rules:
                - match: 'Draft:\s*draft[\s\S]*$'
                  say: 'Make it final.'
                - match: 'Draft:\s*final[\s\S]*$'
                  say: 'ACCEPTED. It is final.'
                - match: '^Choose the agent[\s\S]*$'
                  say: '{"agent": "canonical-adder"}'
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
          - { name: canonical-adder, instructions: Adds., model: adder, behaviour: react, tools: [count_put, count_add] }
          - { name: canonical-delegate, instructions: Has others work., model: delegating, behaviour: react, tools: [run_agent], agents: [canonical-adder] }
          - { name: canonical-planner, instructions: Plans., model: planning, behaviour: plan-execute, tools: [count_add] }
          - { name: canonical-drafter, instructions: Drafts., model: drafting, behaviour: react, tools: [count_add] }
          - { name: canonical-critic, instructions: Judges., model: judging, behaviour: direct }
        teams:
          - name: canonical-director
            instructions: Plans for others.
            model: directing
            behaviour: { director: { members: [ canonical-adder ] } }
          - name: canonical-pipeline
            behaviour: { pipeline: { stages: [ canonical-adder, { name: second, agent: canonical-adder } ] } }
          - name: canonical-reviewer
            behaviour: { reviewer: { writer: canonical-drafter, reviewer: canonical-critic } }
          - name: canonical-router
            instructions: Chooses.
            model: judging
            behaviour: { router: { routes: [ { agent: canonical-adder, description: adds }, { agent: canonical-critic, description: judges } ] } }
          - name: canonical-debate
            behaviour: { debate: { sides: [ canonical-adder, { agent: canonical-adder, position: more } ], rounds: 1, judge: canonical-adder } }
          - name: canonical-flow
            behaviour:
              flow:
                stages:
                  - name: both
                    parallel:
                      - { name: left, agent: canonical-adder, input: 'add {{input}}-a' }
                      - { name: right, agent: canonical-adder, input: 'add {{input}}-b' }
                  - name: each
                    map: '["c", "d"]'
                    do: { name: one, agent: canonical-adder, input: 'add {{input}}-{{item}}' }
                output: 'flowed {{input}}'
        """;
}
