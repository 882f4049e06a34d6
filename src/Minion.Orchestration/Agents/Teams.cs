using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>Which agents start which: everybody that a team names must exist, and none may lead back to it. Pure.</summary>
internal sealed class Teams
{
    private readonly Dictionary<string, IReadOnlyList<TeamMember>> _members = new(StringComparer.Ordinal);

    /// <param name="definitions">All agents that there are, or will be.</param>
    /// <param name="behaviours">What they may do.</param>
    public Teams(IEnumerable<AgentDefinition> definitions, BehaviourRegistry behaviours)
    {
        foreach (var definition in definitions)
        {
            _members[definition.Name] = BehaviourOptions.Members(definition, behaviours);
        }
    }

    /// <summary>What is wrong with the members of an agent, each with the option that names it.</summary>
    public IEnumerable<OptionProblem> Problems(string agent)
    {
        foreach (var member in _members[agent])
        {
            if (!_members.ContainsKey(member.Agent))
            {
                var nearest = Nearest.To(member.Agent, _members.Keys) is { } near ? $" Did you mean '{near}'?" : "";
                yield return new OptionProblem(member.Path, $"there is no agent '{Quoted.Cut(member.Agent, 63)}'.{nearest} A member is an agent or a team of this file or of the tenant.");
            }
            else if (member.Agent == agent)
            {
                yield return new OptionProblem(member.Path, $"'{agent}' contains itself.");
            }
            else if (Way(member.Agent, agent) is { } way)
            {
                yield return new OptionProblem(member.Path, $"'{agent}' contains itself: {agent} → {string.Join(" → ", way)}.");
            }
        }
    }

    /// <summary>Agents that name <paramref name="agent"/> as a member.</summary>
    public IEnumerable<string> Of(string agent) => _members.Where(m => m.Value.Any(x => x.Agent == agent)).Select(m => m.Key);

    /// <summary>The way from one agent to another over members; null when there is none.</summary>
    private List<string>? Way(string from, string to)
    {
        var before = new Dictionary<string, string?>(StringComparer.Ordinal) { [from] = null };
        var left = new Queue<string>([from]);
        while (left.TryDequeue(out var name))
        {
            foreach (var next in _members.GetValueOrDefault(name, []).Select(m => m.Agent).Where(n => before.TryAdd(n, name)))
            {
                if (next == to)
                {
                    return Path(before, to);
                }

                left.Enqueue(next);
            }
        }

        return null;
    }

    private static List<string> Path(Dictionary<string, string?> before, string to)
    {
        var way = new List<string>();
        for (var at = to; at is not null; at = before[at])
        {
            way.Add(at);
        }

        way.Reverse();
        return way;
    }
}
