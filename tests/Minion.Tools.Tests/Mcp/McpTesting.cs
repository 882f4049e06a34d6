using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Mcp;
using Minion.Tools.Mcp.Authorization;
using Minion.Tools.Network;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Mcp;

/// <summary>Sources of MCP servers, as the registry would make them.</summary>
internal static class McpTesting
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static McpSourceKind Kind(
        McpOptions? options = null, IMcpConsent? consent = null, TimeProvider? time = null, Func<string, string?>? environment = null, params IEnumerable<string> allowed)
    {
        var network = new NetworkOptions();
        foreach (var host in allowed)
        {
            network.Allow.Add(host);
        }

        return new McpSourceKind(
            Options.Create(options ?? new McpOptions()), new McpCommands(options ?? new McpOptions(), isLocal: true), new SecretReferences(environment ?? (_ => null)), new AddressGuard(network), time ?? TimeProvider.System,
            NullLogger<McpSourceKind>.Instance, consent);
    }

    public static McpSource Source(this McpSourceKind kind, string settings, string name = "peer")
    {
        var json = JsonElement.Parse(settings);
        kind.Check(json).ShouldBeEmpty();
        return (McpSource)kind.Create(new SourceDefinition("default", name, "mcp", json));
    }

    public static async Task<IReadOnlyList<ITool>> ListAsync(this McpSource source)
    {
        using var limit = Limit();
        return await source.ListAsync(limit.Token);
    }

    public static async Task<ITool> FindAsync(this McpSource source, string name) =>
        (await source.ListAsync()).FirstOrDefault(tool => tool.Description.Name == name)
        ?? throw new InvalidOperationException($"There is no {name} among {string.Join(", ", (await source.ListAsync()).Select(tool => tool.Description.Name))}.");

    public static async Task<ToolOutcome> CallAsync(this ITool tool, string arguments = "{}", string state = "", params IEnumerable<InputAnswer> answers)
    {
        using var limit = Limit();
        return await tool.InvokeAsync(
            new ToolCall(JsonElement.Parse(arguments), Callers.Ada, "key", ToolCallOrigin.Direct) { InputState = state, Answers = [.. answers], Effect = tool.Description.Policy.Effect }, limit.Token);
    }

    public static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }

    public static string Json(object value) => JsonSerializer.Serialize(value);
}
