namespace Minion.Models.Cache;

/// <summary>Where an answer belongs.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Agent">The agent that asked; empty without one.</param>
/// <param name="Exact">SHA-256 of the whole request, in hex; everything that changes the answer is in it, the tenant and the agent too.</param>
/// <param name="Scope">SHA-256 of all of that but the question, in hex: within one scope only the questions differ.</param>
/// <param name="Question">The last message's text; null when the request ends otherwise, and can only be found exactly.</param>
internal sealed record CacheKey(string Tenant, string Agent, string Exact, string Scope, string? Question);
