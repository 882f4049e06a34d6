using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Tools.Mcp.Authorization;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Mcp.Transport;
using Minion.Tools.Network;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Cleaning;

namespace Minion.Tools.Mcp;

/// <summary>Sources of the kind <c>mcp</c>: servers of the Model Context Protocol, started as a program or called by URL.</summary>
internal sealed class McpSourceKind(
    IOptions<McpOptions> options, McpCommands commands, SecretReferences secrets, AddressGuard guard, TimeProvider time, ILogger<McpSourceKind> log,
    IMcpConsent? consent = null, ITokenStore? tokens = null) : IToolSourceKind
{
    public string Kind => "mcp";

    public IEnumerable<SourceProblem> Check(JsonElement settings) => McpSettingsReader.Read(settings).Problems;

    public IEnumerable<SourceProblem> Check(JsonElement settings, string tenant)
    {
        var (read, problems) = McpSettingsReader.Read(settings);
        return commands.Problem(tenant, read) is { } refused ? [.. problems, refused] : problems;
    }

    public IToolSource Create(SourceDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var settings = McpSettingsReader.Read(definition.Settings).Settings;
        var own = secrets.For(definition.Tenant);
        var oauth = settings is { OAuth: not null, Url: not null } ? new OAuth(definition, settings, own, tokens, consent, time) : null;
        var sent = new SentSecrets(definition.Settings, own, () => oauth?.Sent ?? []);
        var connector = new Connector(definition.Name, settings, options.Value, own, guard, oauth, time, log);

        // What may be started can have changed since the source was declared.
        return new McpSource(
            definition.Name,
            settings,
            options.Value,
            token => commands.Problem(definition.Tenant, settings) is { } refused
                ? throw new ToolSourceException($"The program of '{definition.Name}' is not started: {refused.Path[1..]} {refused.Problem}")
                : connector.ConnectAsync(token),
            time,
            log,
            sent)
        {
            Authorize = oauth is null ? null : connector.AuthorizeAsync,
        };
    }
}
