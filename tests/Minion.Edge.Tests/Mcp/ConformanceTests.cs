using Minion.Testing.Npm;
using Suite = Minion.Testing.Npm.McpConformance;

namespace Minion.Edge.Tests.Mcp;

/// <summary>The official suite, run for exactly what each revision of the protocol requires of servers; nothing is expected to fail.</summary>
[Collection(ConformanceCollection.Name)]
public sealed class ConformanceTests(ConformanceServer server)
{
    [Theory]
    [InlineData("2025-11-25", 30)]
    [InlineData("2026-07-28", 37)]
    public async Task Everything_that_a_revision_requires_of_servers_is_there(string revision, int scenarios)
    {
        var found = await Suite.OfServerAsync(server.Url, revision);

        Console.WriteLine($"Score: MCP {revision}, server: {found.RequireAll(scenarios)}");
    }

    [Fact]
    public void The_summary_of_the_suite_is_read_as_it_is_meant()
    {
        var run = new ProgramRun("suite", 1, """
            === SUMMARY ===
            ✓ ping: 2 passed, 0 failed
            ✗ tools-list: 1 passed, 1 failed
            ✗ tasks: 0 passed, 1 failed

            Total: 3 passed, 2 failed

            Not scored for 2026-07-28: 1 scenario(s) run, 1 failing. These do not affect conformance.
              ✗ tasks (extension)
            """, "");

        var found = Suite.Read(run);

        found.Passed.ShouldBe(["ping"]);
        found.Failed.ShouldBe(["tools-list"]);
        Should.Throw<ShouldAssertException>(() => found.RequireAll(2));
    }
}
