using Minion.Testing.Npm;

namespace Minion.Tools.Tests.Mcp;

/// <summary>The official conformance suite's scenarios for clients; each is played by a source in this process.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [InlineData("2025-11-25", 18)]
    [InlineData("2026-07-28", 32)]
    public async Task The_client_passes_the_official_suite(string revision, int scenarios)
    {
        var peers = await McpPeers.InstallAsync();
        await using var player = await ConformancePlayer.StartAsync();

        var score = (await McpConformance.OfClientAsync($"{peers.Node} {player.Script}", revision));

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n", player.Log));
        Console.WriteLine($"Score: MCP {revision}, client: {score.RequireAll(scenarios)}");
    }
}
