using System.Diagnostics;
using System.Text.Json;
using Minion.Testing.Npm;
using ModelContextProtocol.Client;

namespace Minion.Edge.Tests.Mcp;

/// <summary>Programs of others, and the server on standard input and output.</summary>
[Collection(ServerCollection.Name)]
public sealed class PeerTests(ServerFixture server)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Minion.Cli");

    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_inspector_lists_and_calls_tools_over_http()
    {
        var peers = await McpPeers.InstallAsync();
        string[] connect = ["--cli", server.Mcp.AbsoluteUri, "--transport", "http", "--header", $"authorization: Bearer {ServerFixture.AdaKey}"];

        var list = (await peers.RunAsync(peers.Inspector, [.. connect, "--method", "tools/list"])).RequireSuccess();
        var call = (await peers.RunAsync(
            peers.Inspector, [.. connect, "--method", "tools/call", "--tool-name", "calculator", "--tool-arg", "expression=6*7"])).RequireSuccess();

        JsonElement.Parse(list.Output).GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()).ShouldContain("run_agent");
        JsonElement.Parse(call.Output).GetProperty("structuredContent").GetProperty("value").GetDouble().ShouldBe(42);
    }

    [Fact]
    public async Task The_inspector_calls_an_agent_over_standard_input_and_output()
    {
        var peers = await McpPeers.InstallAsync();

        var call = (await peers.RunAsync(
            peers.Inspector,
            [
                "--cli", "-e", $"MINION_API_KEY={ServerFixture.AdaKey}", "--method", "tools/call", "--tool-name", "run_agent",
                "--tool-arg", "agent=hello", "input=What is 2 plus 3?", "--", Program, "mcp", "--url", server.Mcp.AbsoluteUri,
            ])).RequireSuccess();

        JsonElement.Parse(call.Output).GetProperty("structuredContent").GetProperty("output").GetString().ShouldBe("That is 5.");
    }

    [Theory]
    [InlineData(McpClients.Legacy)]
    [InlineData(McpClients.Modern)]
    public async Task The_sdk_speaks_to_the_command_line(string version)
    {
        await using var client = await StartAsync(ServerFixture.AdaKey, server.Mcp, version);

        var tools = await client.ListToolsAsync(cancellationToken: End);
        var result = await client.CallToolAsync("calculator", new Dictionary<string, object?> { ["expression"] = "2^10" }, cancellationToken: End);

        client.NegotiatedProtocolVersion.ShouldBe(version);
        tools.Select(tool => tool.Name).ShouldContain("run_agent");
        result.StructuredContent!.Value.GetProperty("value").GetDouble().ShouldBe(1024);
    }

    [Fact]
    public async Task Requests_that_come_through_a_pipe_are_answered_although_it_ends_at_once()
    {
        var start = new ProcessStartInfo(Program, ["mcp", "--url", server.Mcp.AbsoluteUri]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MINION_API_KEY"] = ServerFixture.AdaKey;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(End);
        await process.StandardInput.WriteAsync("""
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"pipe","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"run_agent","arguments":{"agent":"hello","input":"What is 20 plus 3?"}}}
            """);
        process.StandardInput.Close();

        var output = await process.StandardOutput.ReadToEndAsync(End);
        await process.WaitForExitAsync(End);

        process.ExitCode.ShouldBe(0, output + await errors);
        output.ShouldContain("That is 23.", customMessage: await errors);
    }

    [Fact]
    public async Task Without_a_key_or_a_server_the_command_line_says_what_to_do()
    {
        var keyless = await Should.ThrowAsync<Exception>(() => StartAsync("", server.Mcp, McpClients.Legacy));
        var serverless = await Should.ThrowAsync<Exception>(() => StartAsync("", new Uri("http://127.0.0.1:9/mcp"), McpClients.Legacy));

        keyless.ToString().ShouldContain("set MINION_API_KEY");
        serverless.ToString().ShouldContain("minion up");
    }

    private static Task<McpClient> StartAsync(string key, Uri url, string version)
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Program,
            Arguments = ["mcp", "--url", url.AbsoluteUri],
            EnvironmentVariables = new Dictionary<string, string?> { ["MINION_API_KEY"] = key },
        });
        return McpClient.CreateAsync(transport, McpClients.Options(version), cancellationToken: End);
    }
}
