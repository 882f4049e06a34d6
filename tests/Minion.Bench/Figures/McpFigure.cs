using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Bench.Mcp;
using Minion.Bench.Reporting;
using Minion.Contracts.Callers;
using Minion.Tools;
using Minion.Tools.Mcp;
using Minion.Tools.Network;
using Minion.Tools.Sources;
using ModelContextProtocol.Client;

namespace Minion.Bench.Figures;

/// <summary>
/// A tool that gives its text back, called through a source of the kind <c>mcp</c> and by the SDK's own client. Both have a connection of their own; over HTTP to the
/// same server, over standard input and output each to a process of its own.
/// </summary>
internal sealed class McpFigure : IFigure
{
    private static readonly int[] Concurrent = [1, 16];
    private static readonly JsonElement Arguments = JsonElement.Parse("""{"text":"hello"}""");
    private static readonly Dictionary<string, object?> BareArguments = new(StringComparer.Ordinal) { ["text"] = "hello" };

    public string Name => "mcp";

    public string Description => "calls of a tool of an MCP server in another process, over stdio and HTTP, beside the SDK called bare";

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(Measuring measuring, CancellationToken ct)
    {
        var program = Environment.ProcessPath!;
        using var http = Process.Start(new ProcessStartInfo(program, [McpHost.Http]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            var url = await http.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException("The MCP server did not start.");
            return
            [
                .. await CompareAsync(
                    "stdio",
                    JsonSerializer.Serialize(new { command = program, args = new[] { McpHost.Stdio } }),
                    new StdioClientTransport(new StdioClientTransportOptions { Command = program, Arguments = [McpHost.Stdio] }),
                    measuring,
                    ct),
                .. await CompareAsync(
                    "HTTP",
                    JsonSerializer.Serialize(new { url }),
                    new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(url), TransportMode = HttpTransportMode.StreamableHttp }),
                    measuring,
                    ct),
            ];
        }
        finally
        {
            http.StandardInput.Close();
            await http.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task<List<Measurement>> CompareAsync(string transport, string settings, IClientTransport bareTransport, Measuring measuring, CancellationToken ct)
    {
        var kind = new McpSourceKind(
            Options.Create(new McpOptions()), new McpCommands(new McpOptions(), isLocal: true), new SecretReferences(Environment.GetEnvironmentVariable), new AddressGuard(new NetworkOptions()), TimeProvider.System,
            NullLogger<McpSourceKind>.Instance);
        await using var source = kind.Create(new SourceDefinition("default", "bench", "mcp", JsonElement.Parse(settings)));
        var tool = (await source.ListAsync(ct)).First(tool => tool.Description.Name == "bench_echo");
        var call = new ToolCall(Arguments, new Caller(Caller.DefaultTenant, "bench", ["*"]), "", ToolCallOrigin.Direct);
        await using var bare = await McpClient.CreateAsync(bareTransport, cancellationToken: ct);
        await bare.ListToolsAsync(cancellationToken: ct);
        var measurements = new List<Measurement>();
        foreach (var clients in Concurrent)
        {
            var (value, reference) = await Measuring.InTurnsAsync(
                duration => Measuring.RateAsync(clients, duration, async () => await tool.InvokeAsync(call, ct) is ToolResult ? 1 : throw new InvalidOperationException("The call failed.")),
                duration => Measuring.RateAsync(clients, duration, async () => (await bare.CallToolAsync("echo", BareArguments, cancellationToken: ct)).IsError == true ? 0 : 1),
                measuring.Duration,
                ct);
            measurements.Add(new Measurement(Name, $"{transport}, {clients} concurrent", value, "calls/s")
            {
                Reference = reference,
                ReferenceIs = "the SDK",
                Aim = Aim.RatioOf(1 / 1.15),
            });
        }

        return measurements;
    }
}
