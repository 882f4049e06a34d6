using System.Net.Http;
using System.Text.Json;
using Minion.Tools.Network;

namespace Minion.Tools.Sources.WebSocket;

/// <summary>Servers that answer messages over a WebSocket.</summary>
internal sealed class WebSocketSourceKind(AddressGuard guard, SecretReferences secrets) : IToolSourceKind
{
    public string Kind => "websocket";

    public IEnumerable<SourceProblem> Check(JsonElement settings)
    {
        var problems = new List<SourceProblem>();
        WebSocketSettings.Read(settings, problems);
        return problems;
    }

    public IToolSource Create(SourceDefinition definition) =>
        new WebSocketSource(definition.Name, WebSocketSettings.Read(definition.Settings, []), guard, secrets.For(definition.Tenant));
}

/// <summary>One server. Its tools are written down, and each call has a connection of its own.</summary>
internal sealed class WebSocketSource : IToolSource
{
    private readonly HttpMessageInvoker _client;
    private readonly IReadOnlyList<ITool> _tools;

    public WebSocketSource(string name, WebSocketSettings settings, AddressGuard guard, TenantSecrets secrets)
    {
        var host = HostPattern.Of(new UriBuilder(settings.Url!) { Scheme = settings.Url!.Scheme == "wss" ? "https" : "http", Port = settings.Url.Port }.Uri);
        _client = new HttpMessageInvoker(guard.Permitting(host).OnlyTo(host).CreateHandler());
        var names = ToolNames.Of(name, settings.Tools.Select(tool => tool.Name));
        _tools = [.. settings.Tools.Select(tool => new WebSocketTool(names[tool.Name], tool, settings, _client, secrets))];
    }

    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    public SourceHealth Health { get; } = new(SourceState.Ready);

    public ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_tools);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
