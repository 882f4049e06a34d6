using System.Text.RegularExpressions;
using Shouldly;

namespace Minion.Testing.Npm;

/// <summary>What <c>@modelcontextprotocol/conformance</c> found, run for exactly what a revision of the protocol requires.</summary>
/// <param name="Run">The run of the suite.</param>
/// <param name="Passed">The required scenarios that passed.</param>
/// <param name="Failed">The required scenarios that failed.</param>
public sealed partial record McpConformance(ProgramRun Run, IReadOnlyList<string> Passed, IReadOnlyList<string> Failed)
{
    /// <summary>Runs the server's scenarios against a server.</summary>
    /// <param name="url">Where it listens.</param>
    /// <param name="revision">For example <c>2025-11-25</c>.</param>
    public static async Task<McpConformance> OfServerAsync(Uri url, string revision)
    {
        var peers = await McpPeers.InstallAsync();
        return Read(await peers.RunAsync(peers.Conformance, "server", "--url", url.AbsoluteUri, "--requirements", revision));
    }

    /// <summary>Runs the client's scenarios; the suite starts the client once for each.</summary>
    /// <param name="command">The client; the suite appends the URL of its server, and tells the scenario in MCP_CONFORMANCE_SCENARIO and what belongs to it in MCP_CONFORMANCE_CONTEXT.</param>
    /// <param name="revision">For example <c>2025-11-25</c>.</param>
    public static async Task<McpConformance> OfClientAsync(string command, string revision)
    {
        var peers = await McpPeers.InstallAsync();
        return Read(await peers.RunAsync(peers.Conformance, "client", "--command", command, "--requirements", revision, "--timeout", "120000"));
    }

    /// <summary>Fails the test, with all that the suite wrote, unless each required scenario passed.</summary>
    /// <param name="scenarios">How many the revision requires.</param>
    /// <returns>The score, to be printed.</returns>
    public string RequireAll(int scenarios)
    {
        Failed.ShouldBeEmpty(Run.Output + Run.Errors);
        Passed.Count.ShouldBe(scenarios, Run.Output + Run.Errors);
        Run.RequireSuccess();
        return $"{Passed.Count} of {scenarios} required scenarios pass.";
    }

    internal static McpConformance Read(ProgramRun run)
    {
        var summary = run.Output[Math.Max(0, run.Output.LastIndexOf("SUMMARY ===", StringComparison.Ordinal))..];
        var unscored = Unscored().Matches(summary).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var scored = Scenario().Matches(summary).Where(m => !unscored.Contains(m.Groups["name"].Value)).ToList();
        return new McpConformance(
            run,
            [.. scored.Where(m => m.Groups["sign"].Value == "✓").Select(m => m.Groups["name"].Value)],
            [.. scored.Where(m => m.Groups["sign"].Value != "✓").Select(m => m.Groups["name"].Value)]);
    }

    [GeneratedRegex(@"^(?<sign>\S) (?<name>\S+): \d+ passed, \d+ failed", RegexOptions.Multiline, 1000)]
    private static partial Regex Scenario();

    [GeneratedRegex(@"^  \S (?<name>\S+) \((added-after-release|pending|extension)", RegexOptions.Multiline, 1000)]
    private static partial Regex Unscored();
}
