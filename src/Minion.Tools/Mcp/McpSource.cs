using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Minion.Tools.Mcp.Authorization;
using Minion.Tools.Mcp.Calls;
using Minion.Tools.Mcp.Sessions;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Mcp.Tools;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Cleaning;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp;

/// <summary>The tools of one MCP server.</summary>
internal sealed class McpSource : IToolSource, ISecretSender, IConsentingSource
{
    private const int MostPages = 100;
    private const int MostTools = 1_000;

    private readonly string _name;
    private readonly McpSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SessionPool _sessions;
    private readonly HeldCalls _held;
    private readonly SentSecrets _sent;
    private readonly McpCaller _caller;
    private volatile IReadOnlyList<Tool> _known = [];
    private volatile FrozenDictionary<string, string> _fingerprints = FrozenDictionary<string, string>.Empty;
    private volatile string _leftOut = "";

    public McpSource(string name, McpSettings settings, McpOptions options, Func<CancellationToken, Task<ITransport>> connect, TimeProvider time, ILogger log, SentSecrets sent)
    {
        (_name, _settings, _time, _log, _sent) = (name, settings, time, log, sent);
        _sessions = new SessionPool(name, options.Connections, token => ConnectAsync(connect, settings.StartTimeout, token), time, log, sent);
        _sessions.ListChanged += (_, _) => Changed?.Invoke(this, EventArgs.Empty);
        _held = new HeldCalls(options.Hold, time);
        _caller = new McpCaller(name, _sessions, _held, sent);
    }

    public event EventHandler? Changed;

    public SourceHealth Health => _sessions.Health is { State: SourceState.Ready } ready ? ready with { Detail = _leftOut } : _sessions.Health;

    /// <summary>Its tokens, beside what its settings refer to.</summary>
    public IEnumerable<string> SentSecrets => _sent.Others;

    /// <summary>Connects in a way in which a person is asked; null when the server is not authorized so.</summary>
    public Func<Uri, Func<Uri, CancellationToken, Task<Uri?>>, CancellationToken, Task<ITransport>>? Authorize { get; init; }

    /// <summary>How many calls wait for an answer at the server.</summary>
    public int HeldCalls => _held.Count;

    public async ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var problems = new List<string>();
            var listed = await PagesAsync((parameters, token) => _caller.SendAsync(RequestMethods.ToolsList, parameters, token), cancellationToken);
            var fingerprints = _fingerprints = Fingerprints.Of(listed);
            var tools = Usable(listed, problems);
            var capabilities = await _sessions.CapabilitiesAsync(cancellationToken);
            tools = Known(tools, problems);
            Report(problems);
            var others = ResourceTools.ForResources.Where(_ => _settings.Resources && capabilities.Resources is not null)
                .Concat(ResourceTools.ForPrompts.Where(_ => _settings.Prompts && capabilities.Prompts is not null))
                .ToList();
            var names = ToolNames.Of(_name, [.. tools.Select(tool => tool.Name), .. others.Select(other => Own(other.Key))]);
            return
            [
                .. tools.Select(tool => ToolReader.Read(
                    tool, names[tool.Name], _name, _settings, _caller, () => _fingerprints.GetValueOrDefault(tool.Name) == fingerprints[tool.Name])),
                .. others.Select(other => other.Value(names[Own(other.Key)], _settings, _name, _caller)),
            ];
        }
        catch (Exception exception) when (exception is not (ToolSourceException or OperationCanceledException or ObjectDisposedException))
        {
            throw new ToolSourceException($"'{_name}' does not list its tools: {ServerText.Clean(exception.Message, 1_000)}", exception);
        }
    }

    public async Task AuthorizeAsync(Uri redirect, Func<Uri, CancellationToken, Task<Uri?>> ask, CancellationToken cancellationToken)
    {
        if (Authorize is not { } authorize)
        {
            throw new ToolSourceException($"'{_name}' has no 'oauth' with a 'url' in its settings.");
        }

        try
        {
            await using var session = await ConnectAsync(token => authorize(redirect, ask, token), OAuth.Patience, cancellationToken);
            await PagesAsync(async (parameters, token) => (await session.Client.SendRequestAsync(new JsonRpcRequest { Method = RequestMethods.ToolsList, Params = parameters }, token)).Result as JsonObject ?? [], cancellationToken);
        }
        catch (Exception exception) when (exception is not (ToolSourceException or OperationCanceledException))
        {
            throw new ToolSourceException($"'{_name}' is not authorized: {ServerText.Clean(_sent.Clean(exception.GetBaseException().Message), 1_000)}", exception);
        }

        _sessions.Answered();
        Changed?.Invoke(this, EventArgs.Empty);
    }

    public async ValueTask DisposeAsync()
    {
        await _held.DisposeAsync();
        await _sessions.DisposeAsync();
    }

    // A name that no tool of a server can have: it begins with a space.
    private static string Own(string name) => " " + name;

    private async Task<ServerSession> ConnectAsync(Func<CancellationToken, Task<ITransport>> connect, TimeSpan patience, CancellationToken cancellationToken)
    {
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "minion", Version = typeof(McpSource).Assembly.GetName().Version?.ToString(3) ?? "1.0" },
            ProtocolVersion = _settings.Protocol,
            InitializationTimeout = patience,
            // Programs of earlier protocols may say nothing to what they do not know; servers that are called refuse it.
            DiscoverProbeTimeout = _settings.Command is null ? patience : patience / 3,
            Capabilities = new ClientCapabilities
            {
#pragma warning disable MCP9005 // deprecated in the newest protocol; servers of today use it
                Sampling = new SamplingCapability(),
#pragma warning restore MCP9005
                Elicitation = new ElicitationCapability { Form = new FormElicitationCapability(), Url = new UrlElicitationCapability() },
            },
        };
        var session = await ServerSession.ConnectAsync(_name, connect, options, _time, _log, cancellationToken);
        session.Know(_known);
        if (_known.Count > 0)
        {
            // A server that has come back may be another one: what it says now counts before the first call.
            try
            {
                await LookAsync(session, patience, cancellationToken);
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }

        return session;
    }

    private async Task LookAsync(ServerSession session, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            _fingerprints = Fingerprints.Of(await PagesAsync(
                async (parameters, token) => (await session.Client.SendRequestAsync(new JsonRpcRequest { Method = RequestMethods.ToolsList, Params = parameters }, token)).Result as JsonObject ?? [],
                either.Token));
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not list its tools within {patience.TotalSeconds:0} s.", late);
        }
    }

    private async Task<List<JsonObject>> PagesAsync(Func<JsonObject, CancellationToken, Task<JsonObject>> send, CancellationToken cancellationToken)
    {
        var all = new List<JsonObject>();
        var cursor = "";
        for (var page = 0; page < MostPages; page++)
        {
            var parameters = cursor.Length > 0 ? new JsonObject { ["cursor"] = cursor } : [];
            var result = await ListAsync(send, parameters, cancellationToken);
            all.AddRange((result["tools"] as JsonArray ?? []).OfType<JsonObject>());
            cursor = ToolResults.Text(result["nextCursor"]);
            if (cursor.Length == 0)
            {
                return all;
            }

            if (all.Count > MostTools)
            {
                break;
            }
        }

        throw new ToolSourceException($"'{_name}' lists more than {MostTools} tools, or {MostPages} pages without an end.");
    }

    private static async Task<JsonObject> ListAsync(Func<JsonObject, CancellationToken, Task<JsonObject>> send, JsonObject parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await send(parameters, cancellationToken);
        }
        catch (McpProtocolException exception) when (exception.ErrorCode == McpErrorCode.MethodNotFound)
        {
            return [];
        }
    }

    private List<Tool> Usable(IReadOnlyList<JsonObject> listed, List<string> problems)
    {
        var tools = new List<Tool>();
        foreach (var entry in listed)
        {
            var name = ServerText.Clean(ToolResults.Text(entry["name"]), 80);
            try
            {
                var tool = entry.Deserialize((System.Text.Json.Serialization.Metadata.JsonTypeInfo<Tool>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Tool)))!;
                if (ToolReader.Problem(tool) is { } problem)
                {
                    problems.Add($"'{name}': {problem}");
                }
                else
                {
                    tools.Add(tool);
                }
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
            {
                problems.Add($"'{name}': {ServerText.Clean(exception.Message, 200)}");
            }
        }

        // Two tools of one name: a call could reach either, so neither is used.
        foreach (var twice in tools.GroupBy(tool => tool.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).ToList())
        {
            problems.Add($"'{ServerText.Clean(twice.Key, 80)}': {twice.Count()} tools have this name");
            tools.RemoveAll(tool => tool.Name == twice.Key);
        }

        return [.. tools.Where(tool => Chosen(tool.Name))];
    }

    /// <summary>Tells the connections which tools there are: the client puts some arguments into headers. What it refuses is left out.</summary>
    private List<Tool> Known(List<Tool> tools, List<string> problems)
    {
        var refused = _sessions.Know(tools);
        problems.AddRange(refused.Select(tool => $"'{ServerText.Clean(tool.Key, 80)}': {ServerText.Clean(tool.Value, 200)}"));
        List<Tool> known = [.. tools.Where(tool => !refused.ContainsKey(tool.Name))];
        _known = known;
        return known;
    }

    private void Report(List<string> problems)
    {
        _leftOut = problems.Count == 0 ? "" : ServerText.Clean(_sent.Clean($"Left out: {string.Join("; ", problems)}."), 2_000);
        if (problems.Count > 0)
        {
            _log.McpToolsLeftOut(_name, _leftOut);
        }
    }

    private bool Chosen(string name) =>
        _settings.Tools.Count == 0 || _settings.Tools.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
