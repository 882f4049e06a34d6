using Minion.EndToEnd.Tests.Programs;

namespace Minion.EndToEnd.Tests;

/// <summary><c>examples/approval</c>: what waits for a person outlives its server.</summary>
public sealed class ApprovalTests
{
    private const int Waits = 5;

    [Fact]
    public async Task An_approval_outlives_a_kill_of_its_server_and_the_payment_is_made_once()
    {
        await using var minion = Installation.Create();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await minion.ApplyAsync(await File.ReadAllTextAsync(Repository.Folder("examples", "approval", "cluster.yaml")));

        var asked = await minion.RunAsync("run", "treasurer", "-m", "pay 250 to Ada for new chairs");
        asked.ExitCode.ShouldBe(Waits, asked.ToString());
        asked.Error.ShouldContain("minion inbox answer");
        asked.Error.ShouldContain("Paid 250 to Ada for new chairs");

        await minion.KillServerAsync();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);

        var list = await minion.RunAsync("inbox", "--assignee", "ops");
        list.Out.ShouldContain("treasurer");
        var item = (await minion.JsonAsync("inbox")).AsArray().ShouldHaveSingleItem()!;
        item["escalate_to"]!.GetValue<string>().ShouldBe("lead");
        var id = item["id"]!.GetValue<string>()[^8..];
        list.Out.ShouldContain(id);
        (await minion.RunAsync("inbox", "show", id)).Out.ShouldContain("minion inbox answer");
        (await minion.RunAsync("inbox", "delegate", id, "ada", "--reason", "She knows.")).Out.ShouldContain("is for ada");

        var answer = await minion.RunAsync("inbox", "answer", id, "approve");
        answer.ExitCode.ShouldBe(0, answer.ToString());
        answer.Out.ShouldContain("Answered: approve.");
        var second = await minion.RunAsync("inbox", "answer", id, "deny");
        second.ExitCode.ShouldBe(4, second.ToString());
        second.Error.ShouldContain("was answered with 'approve'");

        var run = item["run_id"]!.GetValue<string>();
        var ended = await minion.RunAsync("run", "show", run, "--follow");
        ended.Out.ShouldContain("I paid 250 to Ada for new chairs.");
        var payments = await minion.RunAsync("run", "treasurer", "-m", "list the payments");
        payments.Out.Split("Paid 250 to Ada").Length.ShouldBe(2, payments.ToString());
    }

    [Fact]
    public async Task A_person_in_front_of_the_terminal_is_asked_there()
    {
        await using var minion = Installation.Create();
        (await minion.UpAsync()).ExitCode.ShouldBe(0);
        await minion.ApplyAsync(await File.ReadAllTextAsync(Repository.Folder("examples", "approval", "cluster.yaml")));
        using var chat = minion.StartInTerminal("chat", "treasurer");
        await chat.WroteAsync("listens.");

        await chat.TypeAsync("pay 250 to Ada for new chairs\r");
        await chat.WroteAsync("Type one of approve, deny");
        await chat.TypeAsync("deny It was paid last week.\r");
        await chat.WroteAsync("I did not pay Ada");
        chat.Out.ShouldContain("It was paid last week.");
        await chat.TypeAsync("which account do you use?\r");
        await chat.WroteAsync("Which account shall I pay from?");
        await chat.TypeAsync("travel\r");
        await chat.WroteAsync("I pay from the account travel.");
        await chat.TypeAsync("\x04");

        (await chat.EndAsync()).ExitCode.ShouldBe(0);
    }
}
