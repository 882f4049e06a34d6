using System.Text.Json;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>What is found when the options of an agent are looked at: errors, members, and what its runs need.</summary>
public sealed class BehaviourCheck
{
    private readonly List<OptionProblem> _problems = [];
    private readonly List<TeamMember> _members = [];

    private BehaviourCheck(JsonElement options) => Options = new OptionsReader(options, "", _problems);

    /// <summary>The options: a JSON object.</summary>
    public OptionsReader Options { get; }

    /// <summary>Whether runs call the agent's own model, which then must exist; true unless the behaviour says otherwise.</summary>
    public bool UsesModel { get; set; } = true;

    /// <summary>Whether the agent's own model may call tools.</summary>
    public bool UsesTools { get; set; } = true;

    /// <summary>The agents that runs start, each place where one is named.</summary>
    public IReadOnlyList<TeamMember> Members => _members;

    /// <summary>What is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<OptionProblem> Problems => _problems;

    /// <summary>Looks at options. What the behaviour throws is a problem too.</summary>
    /// <param name="behaviour">Whose options they are.</param>
    /// <param name="options">A JSON object; empty for none.</param>
    public static BehaviourCheck Of(IBehaviour behaviour, string options)
    {
        ArgumentNullException.ThrowIfNull(behaviour);
        JsonElement json;
        try
        {
            json = OptionsReader.Parse(options);
        }
        catch (JsonException error)
        {
            var broken = new BehaviourCheck(OptionsReader.Parse(""));
            broken._problems.Add(new OptionProblem("", $"is not JSON: {error.Message}"));
            return broken;
        }

        var check = new BehaviourCheck(json);
        try
        {
            behaviour.Check(check);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            check._problems.Add(new OptionProblem("", $"cannot be checked: the behaviour {behaviour.Name} broke ({error.GetType().Name}: {error.Message})."));
        }

        return check;
    }

    /// <summary>Names an agent that runs start: it must exist, and must not lead back to the agent whose options these are.</summary>
    /// <param name="path">Where it is named, for example <c>stages[0].agent</c>.</param>
    /// <param name="agent">Its name.</param>
    public void Member(string path, string agent) => _members.Add(new TeamMember(path, agent));
}

/// <summary>Something that is wrong with options.</summary>
/// <param name="Path">Where, for example <c>stages[0].agent</c>; empty for the options as a whole.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record OptionProblem(string Path, string Message);

/// <summary>An agent that another one's runs start.</summary>
/// <param name="Path">Where the options name it.</param>
/// <param name="Agent">Its name.</param>
public sealed record TeamMember(string Path, string Agent);
