namespace Minion.Tools.Mcp.Calls;

/// <summary>What servers may ask a client. Source: MCP specification 2025-11-25 and 2026-07-28.</summary>
internal static class ClientMethods
{
    /// <summary>A model is to be called.</summary>
    public const string Sampling = "sampling/createMessage";

    /// <summary>A person is to be asked.</summary>
    public const string Elicitation = "elicitation/create";

    /// <summary>The folders that the server may look at; there are none.</summary>
    public const string Roots = "roots/list";
}
