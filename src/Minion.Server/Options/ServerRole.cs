namespace Minion.Server.Options;

/// <summary>What a process may do; a process without a choice does all of it.</summary>
internal enum ServerRole
{
    /// <summary>Agents, sessions and runs.</summary>
    Orchestration,

    /// <summary>The tools.</summary>
    Tools,

    /// <summary>Brings the database up to date. Alone, the process ends when that is done; the others wait for it.</summary>
    Migrate,
}
