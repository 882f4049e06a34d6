using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;

namespace Minion.Orchestration.Tests.Runs;

public sealed class RunServiceTests(EngineDatabase database) : IClassFixture<EngineDatabase>, IAsyncLifetime
{
    private const string Sums =
        """
        {"rules":[{"match":"(?<a>\\d+) \\+ (?<b>\\d+)","calls":[{"tool":"calculator","arguments":{"expression":"{{a}} + {{b}}"}}],
          "say":"{{a}} + {{b}} = {{calculator.value}}."}],"otherwise":"I only add."}
        """;

    private EngineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(database.Database);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_run_calls_its_tools_and_answers()
    {
        var agent = await _host.AgentAsync(Sums, ["calculator"]);
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "2 + 3 and 40 + 2")).Id, RunStatus.Completed);

        run.Output.ShouldBe("2 + 3 = 5. 40 + 2 = 42.");
        run.Usage.ModelCalls.ShouldBe(2);
        run.Usage.ToolCalls.ShouldBe(2);
        var entries = await _host.EntriesAsync(run.Id);
        entries.Select(e => e.KindCase).ShouldBe(
        [
            Entry.KindOneofCase.Context, Entry.KindOneofCase.Model, Entry.KindOneofCase.Tool, Entry.KindOneofCase.Tool, Entry.KindOneofCase.Model,
            Entry.KindOneofCase.Completed,
        ]);
        entries.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, 6).Select(i => (long)i));
        entries.Sum(e => e.Usage?.InputTokens ?? 0).ShouldBe(run.Usage.InputTokens);
    }

    [Fact]
    public async Task A_repeated_request_is_the_same_run()
    {
        var agent = await _host.AgentAsync(Sums);
        var first = await _host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "hello", RequestId = "r-1" });
        var second = await _host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "hello", RequestId = "r-1" });

        first.Existed.ShouldBeFalse();
        second.Existed.ShouldBeTrue();
        second.Run.Id.ShouldBe(first.Run.Id);
        var other = await Should.ThrowAsync<RpcException>(
            () => _host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "something else", RequestId = "r-1" }).ResponseAsync);
        other.StatusCode.ShouldBe(StatusCode.AlreadyExists);
    }

    [Fact]
    public async Task Equal_requests_at_the_same_time_make_one_run()
    {
        var agent = await _host.AgentAsync(Sums);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            _host.Runs.StartRunAsync(new StartRunRequest { Agent = agent, Input = "hello", RequestId = "r-many" }).ResponseAsync));

        answers.Select(a => a.Run.Id).Distinct().Count().ShouldBe(1);
        answers.Count(a => !a.Existed).ShouldBe(1);
    }

    [Fact]
    public async Task All_bad_fields_are_named_at_once()
    {
        var error = await Should.ThrowAsync<RpcException>(() => _host.Runs.StartRunAsync(
            new StartRunRequest { SessionId = "x", Priority = 500, Limits = new Limits { MaxSteps = -1 } }).ResponseAsync);
        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var field in (string[])["agent", "input", "session_id", "priority", "limits.max_steps"])
        {
            error.Status.Detail.ShouldContain(field);
        }
    }

    [Fact]
    public async Task A_prompt_of_two_megabytes_is_refused_with_the_limit()
    {
        var agent = await _host.AgentAsync(Sums);
        var error = await Should.ThrowAsync<RpcException>(() => _host.StartAsync(agent, new string('x', 2_000_000)));
        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Status.Detail.ShouldContain("1048576");
    }

    [Fact]
    public async Task An_unknown_agent_is_named() =>
        (await Should.ThrowAsync<RpcException>(() => _host.StartAsync("nobody", "hello"))).Status.Detail.ShouldContain("nobody");

    [Fact]
    public async Task A_session_remembers_what_was_said()
    {
        var agent = await _host.AgentAsync(Sums, ["calculator"]);
        var session = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest { Agent = agent })).Session.Id;
        await _host.UntilAsync((await _host.StartAsync(agent, "2 + 3", session)).Id, RunStatus.Completed);
        var second = await _host.UntilAsync((await _host.StartAsync(agent, "4 + 4", session)).Id, RunStatus.Completed);

        var messages = (await _host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = session })).Messages;
        messages.Select(m => (m.Role, m.Content)).ShouldBe(
        [
            (Role.User, "2 + 3"), (Role.Assistant, "2 + 3 = 5."), (Role.User, "4 + 4"), (Role.Assistant, "4 + 4 = 8."),
        ]);
        messages[1].ToolCalls.ShouldHaveSingleItem().Tool.ShouldBe("calculator");
        var context = (await _host.EntriesAsync(second.Id))[0].Context;
        (context.FirstMessage, context.LastMessage).ShouldBe((1, 2));
    }

    [Fact]
    public async Task A_closed_session_takes_no_run()
    {
        var agent = await _host.AgentAsync(Sums);
        var session = (await _host.Sessions.CreateSessionAsync(new CreateSessionRequest { Agent = agent })).Session.Id;
        await _host.Sessions.CloseSessionAsync(new CloseSessionRequest { Id = session });
        (await Should.ThrowAsync<RpcException>(() => _host.StartAsync(agent, "hello", session))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task A_watcher_that_comes_back_has_each_entry_once()
    {
        var agent = await _host.AgentAsync(Sums, ["calculator"]);
        var run = await _host.StartAsync(agent, "1 + 1 and 2 + 2");
        var seen = new List<long>();
        var ended = false;
        while (!ended)
        {
            using var watch = _host.Runs.WatchRun(new WatchRunRequest { RunId = run.Id, AfterSeq = seen.LastOrDefault() });
            while (await watch.ResponseStream.MoveNext(CancellationToken.None))
            {
                if (watch.ResponseStream.Current.Entry is { } entry)
                {
                    seen.Add(entry.Seq);
                    ended = entry.KindCase == Entry.KindOneofCase.Completed;
                    break;
                }
            }
        }

        seen.ShouldBe(Enumerable.Range(1, seen.Count).Select(i => (long)i));
        (await _host.UntilAsync(run.Id, RunStatus.Completed)).LastSeq.ShouldBe(seen.Count);
    }

    [Fact]
    public async Task A_watcher_sees_the_answer_grow_and_then_the_end()
    {
        await using var model = await FakeOpenAi.StartAsync();
        var watched = new TaskCompletionSource();
        model.Then(Replies.Paced(new FakeAnswer { Text = "one two three four five" }, i => i < 3 ? Task.CompletedTask : watched.Task));
        var run = await _host.StartAsync(await _host.AgentAtAsync(model.Url), "hello");
        var text = "";
        var kinds = new List<Entry.KindOneofCase>();
        using var watch = _host.Runs.WatchRun(new WatchRunRequest { RunId = run.Id });
        await foreach (var part in watch.ResponseStream.ReadAllAsync())
        {
            if (part.Delta is { } delta)
            {
                delta.Offset.ShouldBe(text.Length);
                text += delta.Text;
                watched.TrySetResult();
            }
            else if (part.Entry is { } entry)
            {
                kinds.Add(entry.KindCase);
            }
        }

        text.ShouldBe("one two three four five");
        kinds[^1].ShouldBe(Entry.KindOneofCase.Completed);
    }

    [Fact]
    public async Task A_cancel_stops_the_call_under_way()
    {
        var agent = await _host.AgentAsync("""{"delay":"5s","rules":[],"otherwise":"one two three"}""");
        var run = await _host.StartAsync(agent, "hello");
        await _host.Runs.CancelRunAsync(new CancelRunRequest { Id = run.Id, Reason = "enough" });

        var cancelled = await _host.UntilAsync(run.Id, RunStatus.Cancelled);
        cancelled.Error.Message.ShouldBe("enough");
        (await _host.EntriesAsync(run.Id)).Select(e => e.KindCase).ShouldBe([Entry.KindOneofCase.Context, Entry.KindOneofCase.Signal, Entry.KindOneofCase.Cancelled]);
    }

    [Fact]
    public async Task A_run_that_has_ended_stays_as_it_is_when_it_is_cancelled()
    {
        var agent = await _host.AgentAsync(Sums);
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "hello")).Id, RunStatus.Completed);
        (await _host.Runs.CancelRunAsync(new CancelRunRequest { Id = run.Id })).Run.ShouldBe(run);
    }

    [Fact]
    public async Task A_run_that_takes_too_long_fails_with_its_timeout()
    {
        var limits = new Limits { Timeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) };
        var agent = await _host.AgentAsync("""{"delay":"5s","rules":[],"otherwise":"one two three"}""", limits: limits);
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "hello")).Id, RunStatus.Failed);
        run.Error.Kind.ShouldBe("timed_out");
    }

    [Fact]
    public async Task A_failed_run_goes_on_where_it_failed_when_it_is_retried()
    {
        var agent = await _host.AgentAsync(Sums, ["calculator"], new Limits { MaxSteps = 2 });
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "2 + 3")).Id, RunStatus.Failed);
        run.Error.Kind.ShouldBe("limit_exceeded");

        await _host.Runs.RetryRunAsync(new RetryRunRequest { Id = run.Id });
        run = await _host.UntilAsync(run.Id, RunStatus.Completed);
        run.Output.ShouldBe("2 + 3 = 5.");
        (await _host.EntriesAsync(run.Id)).Count(e => e.KindCase == Entry.KindOneofCase.Tool).ShouldBe(1);
        (await Should.ThrowAsync<RpcException>(() => _host.Runs.RetryRunAsync(new RetryRunRequest { Id = run.Id }).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task An_agent_with_a_version_of_a_tool_that_does_not_exist_fails_and_names_it()
    {
        var agent = await _host.AgentAsync(Sums, ["calculator@9"]);
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "2 + 3")).Id, RunStatus.Failed);
        run.Error.Kind.ShouldBe("unknown_tool");
        run.Error.Message.ShouldContain("calculator@9");
    }

    [Fact]
    public async Task Text_that_the_database_refuses_is_stored_without_it()
    {
        var agent = await _host.AgentAsync("""{"rules":[{"match":"(?<all>.+)","say":"{{all}}"}],"otherwise":"?"}""");
        var run = await _host.UntilAsync((await _host.StartAsync(agent, "a\0b")).Id, RunStatus.Completed);
        run.Output.ShouldBe("a\u2400b");
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_page_by_page()
    {
        var agent = await _host.AgentAsync(Sums);
        var started = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            started.Add((await _host.StartAsync(agent, $"hello {i}")).Id);
        }

        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await _host.Runs.ListRunsAsync(new ListRunsRequest { Agent = agent, PageSize = 2, PageToken = token });
            listed.AddRange(page.Runs.Select(r => r.Id));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        listed.ShouldBe(started.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Status_tells_of_workers_runs_and_dependencies()
    {
        var status = await _host.Status.GetStatusAsync(new GetStatusRequest());
        status.Workers.ShouldNotBeEmpty();
        status.Dependencies.ShouldContain(d => d.Name == "database" && d.Healthy);
    }
}
