using System.Text.Json.Nodes;
using Minion.EndToEnd.Tests.Programs;
using Minion.Testing.Database;

namespace Minion.EndToEnd.Tests;

/// <summary><c>examples/tools</c>: one task with tools from everywhere, and one approval.</summary>
public sealed class ToolsTests
{
    private const int Waits = 5;

    private static readonly string[] Used = ["shop_query", "python", "api_list_models", "browser_navigate", "reports_write", "reports_read"];

    private static readonly string[] Unavailable = ["Code of agents is off", "bubblewrap", "The browser did not start", "Chromium is not installed"];

    [Fact]
    public async Task One_task_uses_tools_from_everywhere_and_all_of_it_is_in_the_journal_and_the_audit()
    {
        Need("python3", "the example's MCP server");
        Need("bwrap", "the sandbox");
        Need("chromium", "the browser");
        var example = Repository.Folder("examples", "tools");
        var reports = Directory.CreateTempSubdirectory("minion-e2e-reports-").FullName;
        await using var shop = await TestDatabase.CreateEmptyAsync();
        await shop.ExecuteAsSuperuserAsync(await File.ReadAllTextAsync(Path.Combine(example, "shop.sql")));
        await using var minion = Installation.Create(
            ("SHOP_CONNECTION", shop.ConnectionString),
            ("Tools__Network__Allow__0", "127.0.0.1"),
            ("Tools__Network__Allow__1", "localhost"),
            ("EXAMPLE", example),
            ("REPORTS", reports));
        try
        {
            var up = await minion.UpAsync();
            up.ExitCode.ShouldBe(0, up.ToString());
            await WorksAsync(minion, "python", """{"code":"print(1)"}""");
            await WorksAsync(minion, "browser_navigate", $$"""{"url":"{{minion.Note!.Http.TrimEnd('/')}}/health"}""");
            minion.Environment["API_URL"] = minion.Note!.Http.TrimEnd('/');
            await minion.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(example, "cluster.yaml")));

            var asked = await minion.RunAsync("run", "analyst", "-m", "report on the shop");
            asked.ExitCode.ShouldBe(Waits, asked.ToString());
            var item = (await minion.JsonAsync("inbox")).AsArray().ShouldHaveSingleItem()!;
            item["tool"]!.GetValue<string>().ShouldBe("reports_write");
            item["assignee"]!.GetValue<string>().ShouldBe("lead");
            File.Exists(Path.Combine(reports, "shop.txt")).ShouldBeFalse();
            var answer = await minion.RunAsync("inbox", "answer", item["id"]!.GetValue<string>(), "approve");
            answer.ExitCode.ShouldBe(0, answer.ToString());

            var run = item["run_id"]!.GetValue<string>();
            var shown = await minion.RunAsync("runs", "show", run, "--follow");
            shown.Out.ShouldContain("The report is written.", Case.Sensitive, shown.ToString());
            foreach (var tool in Used)
            {
                shown.Out.ShouldContain($"{tool} = ", Case.Sensitive, shown.ToString());
            }

            shown.Out.ShouldContain("reports_write needs an approval", Case.Sensitive, shown.ToString());
            shown.Out.ShouldContain("answer approve", Case.Sensitive, shown.ToString());
            (await File.ReadAllTextAsync(Path.Combine(reports, "shop.txt"))).ShouldContain("150.00");
            var audited = new JsonArray();
            await Eventually.HoldsAsync(
                async () => Tools(audited = (await minion.JsonAsync("tools", "audit", "--run", run)).AsArray(), "ok").SetEquals(Used),
                () => $"all calls in the audit: {audited.ToJsonString()}");
            Tools(audited, "input_required").ShouldBe(["reports_write"], audited.ToJsonString());
        }
        finally
        {
            Directory.Delete(reports, recursive: true);
        }
    }

    private static HashSet<string> Tools(JsonArray audited, string outcome) =>
        [.. audited.Where(c => c!["outcome"]!.GetValue<string>() == outcome).Select(c => c!["tool"]!.GetValue<string>())];

    // A program that is there may still not work: in a container, say, that lets nobody make namespaces.
    private static async Task WorksAsync(Installation minion, string tool, string arguments)
    {
        var called = await minion.RunAsync("tools", "call", tool, arguments);
        Assert.SkipWhen(Unavailable.Any(words => called.Error.Contains(words, StringComparison.OrdinalIgnoreCase)), $"{tool} cannot be called here: {called.Error}");
        called.ExitCode.ShouldBe(0, called.ToString());
    }

    private static void Need(string program, string what) => Assert.SkipWhen(
        !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))),
        $"{program} is missing, which {what} needs.");
}
