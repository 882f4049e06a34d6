using System.Text.Json.Nodes;
using Minion.EndToEnd.Tests.Programs;

namespace Minion.EndToEnd.Tests;

/// <summary>The examples of teams, as a user runs them.</summary>
[Collection(SharedServerCollection.Name)]
public sealed class TeamTests(SharedServer server)
{
    private readonly Installation _minion = server.Installation;

    [Fact]
    public async Task The_workflow_researches_writes_and_revises_once()
    {
        (await _minion.RunAsync("apply", "-f", Repository.Folder("examples", "workflow", "cluster.yaml"))).ExitCode.ShouldBe(0);

        var run = (await _minion.RunAsync("run", "coordinator", "-m", "Write about saving 250 a month for 8 years.", "--detach")).Out.Trim();
        var end = await _minion.RunAsync("run", "show", run, "--follow");

        end.ExitCode.ShouldBe(0, end.ToString());
        var document = await _minion.JsonAsync("run", "show", run);
        document["output"]!.GetValue<string>().ShouldBe(
            "Whoever puts something aside every month sees it add up. 250 a month makes 24000 in 8 years, without interest.\n\nSource: computed by the research agent.");
        var children = document["entries"]!.AsArray().Select(e => e!["child_started"]).OfType<JsonObject>().Select(c => c["label"]!.GetValue<string>());
        children.ShouldBe(["research", "article.1/draft", "article.1/review", "article.2/draft", "article.2/review"]);
        var shown = (await _minion.RunAsync("runs", "show", run)).Out;
        shown.ShouldContain("reviewer (article.2/review)");
        shown.ShouldContain("cost     $0.0");
        await ShowsCostsOfEachAsync("coordinator", "research", "writer", "reviewer");
    }

    [Fact]
    public async Task The_director_plans_what_its_specialists_do_and_answers_from_their_results()
    {
        (await _minion.RunAsync("apply", "-f", Repository.Folder("examples", "director", "cluster.yaml"))).ExitCode.ShouldBe(0);

        var run = (await _minion.RunAsync("run", "office", "-m", "Invoice 12 hours at 95 with 19 % tax, dated in Tokyo", "--detach")).Out.Trim();
        var end = await _minion.RunAsync("run", "show", run, "--follow");

        end.ExitCode.ShouldBe(0, end.ToString());
        var document = await _minion.JsonAsync("run", "show", run);
        document["output"]!.GetValue<string>().ShouldMatch(@"^Invoice of \d{4}-\d\d-\d\d: 1140 net, and 216\.6 tax\.$");
        var started = document["entries"]!.AsArray().Where(e => e!["child_started"] is not null).ToList();
        started.Select(e => e!["child_started"]!["label"]!.GetValue<string>()).ShouldBe(["net", "date", "tax"]);
        started[0]!["step"]!.ToString().ShouldBe(started[1]!["step"]!.ToString(), "what is ready starts together");
        await ShowsCostsOfEachAsync("office", "accountant", "clock");
    }

    private async Task ShowsCostsOfEachAsync(params string[] agents)
    {
        var costs = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                costs = (await _minion.RunAsync("cost", "--by", "agent")).Out;
                return Array.TrueForAll(agents, costs.Contains);
            },
            () => $"{string.Join(", ", agents)} in: {costs}");
    }
}
