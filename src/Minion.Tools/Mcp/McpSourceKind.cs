using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Tools.Mcp.Authorization;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Mcp.Transport;
using Minion.Tools.Network;
using Minion.Tools.Sources;

namespace Minion.Tools.Mcp;

/// <summary>Sources of the kind <c>mcp</c>: servers of the Model Context Protocol, started as a program or called by URL.</summary>
internal sealed class McpSourceKind(
    IOptions<McpOptions> options, SecretReferences secrets, AddressGuard guard, TimeProvider time, ILogger<McpSourceKind> log, IMcpConsent? consent = null) : IToolSourceKind
{
    public string Kind => "mcp";

    public IEnumerable<SourceProblem> Check(JsonElement settings) => McpSettingsReader.Read(settings, options.Value).Problems;

    public IToolSource Create(SourceDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var settings = McpSettingsReader.Read(definition.Settings, options.Value).Settings;
        var own = secrets.For(definition.Tenant);
        var oauth = settings.OAuth is { } how ? new OAuth(definition.Name, how, own, consent, time) : null;
        var connector = new Connector(definition.Name, settings, options.Value, own, guard, oauth, time, log);
        return new McpSource(definition.Name, settings, options.Value, connector.ConnectAsync, time, log);
    }
}
