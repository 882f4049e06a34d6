using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// What an agent does, as a pure function over its run's journal: no I/O, no clock, no randomness, so that a journal always leads to the
/// same decisions. A change of what it decides is a new version, and the old one stays for the runs that began with it. Registered with
/// <see cref="BehaviourExtensions.AddBehaviour{TBehaviour}"/>.
/// </summary>
public interface IBehaviour
{
    /// <summary>Name and version, for example <c>react@1</c>. An agent names it without the version and gets the newest.</summary>
    string Name { get; }

    /// <summary>
    /// What to do now. Not asked while a call of the model's last answer is open; asked while children run, and then answers
    /// <see cref="Wait"/> when it has nothing to do but wait for them. What it throws fails the run.
    /// </summary>
    Decision Next(RunState state);

    /// <summary>
    /// Looks at the options of an agent before there is a run: notes all that is wrong, the agents that they name, and whether runs call
    /// the agent's own model. A behaviour that does not say takes no options.
    /// </summary>
    void Check(BehaviourCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        check.Options.Done();
    }
}
