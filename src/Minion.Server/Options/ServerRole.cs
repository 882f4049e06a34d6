namespace Minion.Server.Options;

/// <summary>What a process may do; a process without a choice has every service and migrates.</summary>
internal enum ServerRole
{
    /// <summary>Agents, sessions and runs.</summary>
    Orchestration,

    /// <summary>The tools.</summary>
    Tools,

    /// <summary>What faces the outside over HTTP: the OpenAI-compatible endpoint and the MCP server.</summary>
    Edge,

    /// <summary>Brings the database up to date. Alone, the process ends when that is done; the others wait for it.</summary>
    Migrate,

    /// <summary>The embedded PostgreSQL for the other processes of this machine; alone only.</summary>
    Postgres,
}
