namespace ModelContextProtocol.AspNetCore;

/// <summary>What the server remembers between requests.</summary>
public enum HttpServerSessionMode
{
    /// <summary>Nothing.</summary>
    Stateless,

    /// <summary>A session for every client; clients of 2026-07-28 and later, which have none, are told to use an earlier version.</summary>
    Stateful,

    /// <summary>A session for clients that begin with <c>initialize</c>, nothing for those of 2026-07-28 and later.</summary>
    StatefulForInitializeClients,
}
