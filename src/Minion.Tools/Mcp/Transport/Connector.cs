using System.Diagnostics;
using System.Net.Http;
using Microsoft.Extensions.Logging;
using Minion.Tools.Mcp.Authorization;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Network;
using Minion.Tools.Sources;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Mcp.Transport;

/// <summary>Connects to a server as its settings say. References are resolved here and nowhere else.</summary>
internal sealed class Connector(
    string source, McpSettings settings, McpOptions options, TenantSecrets secrets, AddressGuard guard, OAuth? oauth, TimeProvider time, ILogger log)
{
    /// <exception cref="IOException">The program cannot be started.</exception>
    /// <exception cref="ToolSourceException">A reference cannot be resolved, or the address is none.</exception>
    public async Task<ITransport> ConnectAsync(CancellationToken cancellationToken) => settings.Command is { } command
        ? ProcessTransport.Start(Program(command), source, options.LargestMessage, time, log)
        : await ConnectHttpAsync(oauth is null ? null : oauth.Options, settings.StartTimeout, cancellationToken);

    /// <summary>Connects in a way in which a person is asked.</summary>
    public async Task<ITransport> AuthorizeAsync(Uri redirect, Func<Uri, CancellationToken, Task<Uri?>> ask, CancellationToken cancellationToken) =>
        await ConnectHttpAsync(() => oauth!.Options(redirect, ask), OAuth.Patience, cancellationToken);

    private ProcessStartInfo Program(string command)
    {
        var program = new ProcessStartInfo(secrets.Resolve(command), settings.Arguments.Select(secrets.Resolve))
        {
            WorkingDirectory = settings.Folder is { } folder ? secrets.Resolve(folder) : Path.GetTempPath(),
        };

        // The program sees what it needs to run, and what was declared: no secrets of this process.
        program.Environment.Clear();
        foreach (var (name, value) in StdioClientTransportOptions.GetDefaultEnvironmentVariables())
        {
            program.Environment[name] = value;
        }

        foreach (var (name, value) in settings.Environment)
        {
            program.Environment[name] = secrets.Resolve(value);
        }

        return program;
    }

    private async Task<ITransport> ConnectHttpAsync(Func<ClientOAuthOptions>? authorization, TimeSpan patience, CancellationToken cancellationToken)
    {
        var url = secrets.Resolve(settings.Url!);
        if (!McpSettingsReader.IsUrl(url))
        {
            throw new ToolSourceException($"The url of '{source}' is no http or https URL.");
        }

        var endpoint = new Uri(url);
        var http = new HttpClient(new LimitingHandler(guard.Permitting(HostPattern.Of(endpoint)).CreateHandler(), options.LargestMessage))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = endpoint,
                TransportMode = HttpTransportMode.StreamableHttp,
                ConnectionTimeout = patience,
                OAuth = authorization?.Invoke(),
                AdditionalHeaders = settings.Headers.ToDictionary(header => header.Key, header => secrets.Resolve(header.Value), StringComparer.OrdinalIgnoreCase),
            },
            http,
            loggerFactory: null,
            ownsHttpClient: true);
        return new OwningTransport(await transport.ConnectAsync(cancellationToken), transport);
    }
}
