using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// A prompting strategy as a pure function over the journal: no I/O, no clock, no randomness, so that a journal always leads to the
/// same decisions. A change of what it decides is a new version, and the old one stays for the runs that began with it.
/// </summary>
internal interface IBehaviour
{
    /// <summary>Name and version, for example <c>react@1</c>.</summary>
    string Name { get; }

    /// <summary>What to do now. Only asked when no call of the last answer is open (<see cref="Rules"/> sees to those).</summary>
    Decision Next(RunState state);
}
