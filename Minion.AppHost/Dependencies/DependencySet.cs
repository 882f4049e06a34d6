namespace Minion.AppHost.Dependencies;

/// <summary>What the services need, wherever it comes from.</summary>
/// <param name="Database">The connection string <c>minion</c>.</param>
/// <param name="DatabaseServer">What must be healthy before it can be used; null for a server that is not started here.</param>
/// <param name="Redis">The connection string <c>redis</c>; null without Redis.</param>
/// <param name="RedisServer">What must be healthy before that; null for a server that is not started here.</param>
/// <param name="Ollama">Where Ollama answers; null without it.</param>
internal sealed record DependencySet(
    IResourceBuilder<IResourceWithConnectionString> Database,
    IResourceBuilder<IResource>? DatabaseServer,
    IResourceBuilder<IResourceWithConnectionString>? Redis = null,
    IResourceBuilder<IResource>? RedisServer = null,
    EndpointReference? Ollama = null);
