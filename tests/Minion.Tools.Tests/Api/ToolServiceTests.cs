using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Tools.Tests.Api;

public sealed class ToolServiceTests(ToolsHost host) : IClassFixture<ToolsHost>
{
    [Fact]
    public async Task Tools_are_listed_page_by_page()
    {
        var names = new List<string>();
        var request = new ListToolsRequest { PageSize = 4 };
        do
        {
            var page = await host.Client.ListToolsAsync(request);
            names.AddRange(page.Tools.Select(tool => tool.Name));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.ShouldBeUnique();
        new[] { "calculator", "notes_add", "notes_list", "restricted", "time" }.ShouldBeSubsetOf(names);
    }

    [Fact]
    public async Task Tools_are_found_by_name_and_words()
    {
        (await host.Client.ListToolsAsync(new ListToolsRequest { Names = { "time", "nothing" } })).Tools.ShouldHaveSingleItem().Name.ShouldBe("time");
        (await host.Client.ListToolsAsync(new ListToolsRequest { Query = "NOTES latest" })).Tools.ShouldHaveSingleItem().Name.ShouldBe("notes_list");
        (await host.Client.ListToolsAsync(new ListToolsRequest { Category = "notes" })).Tools.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_tool_says_everything_about_itself()
    {
        var tool = (await host.Client.GetToolAsync(new GetToolRequest { Name = "notes_add" })).Tool;

        tool.Effect.ShouldBe(Effect.SideEffect);
        tool.Status.ShouldBe(ToolStatus.Approved);
        tool.TimeoutMs.ShouldBe(10_000);
        tool.InputSchema.ShouldContain("\"text\"");
    }

    [Fact]
    public async Task What_a_tool_says_while_it_works_comes_before_the_response()
    {
        using var call = host.Client.StreamToolCall(new CallToolRequest { Name = "speaking" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(90));
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        call.ResponseStream.Current.Progress.Text.ShouldBe("first");
        host.Speaking.SetResult();

        var rest = await call.ResponseStream.ReadAllAsync().ToListAsync();

        rest.Select(part => part.Progress?.Text ?? part.Response.Result).ShouldBe(["last", """{"ok":true}"""]);
        using var unknown = host.Client.StreamToolCall(new CallToolRequest { Name = "calculater" });
        (await unknown.ResponseStream.ReadAllAsync().ToListAsync()).ShouldHaveSingleItem().Response.Failure.Kind.ShouldBe(Failure.Types.Kind.UnknownTool);
        using var invalid = host.Client.StreamToolCall(new CallToolRequest());
        (await Should.ThrowAsync<RpcException>(() => invalid.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_caller_sees_only_what_it_may_use()
    {
        var headers = host.As(Callers.Guest);

        var listed = (await host.Client.ListToolsAsync(new ListToolsRequest(), headers)).Tools.Select(tool => tool.Name).ToList();
        var hidden = await FaultAsync(host.Client.GetToolAsync(new GetToolRequest { Name = "restricted" }, host.As(Callers.Guest)));
        var denied = await host.Client.CallToolAsync(new CallToolRequest { Name = "restricted" }, host.As(Callers.Guest));

        new[] { "calculator", "notes_add", "notes_list", "time" }.ShouldBeSubsetOf(listed);
        new[] { "restricted", "http_get", "browser_navigate" }.Intersect(listed).ShouldBeEmpty();
        hidden.StatusCode.ShouldBe(StatusCode.NotFound);
        denied.Failure.Kind.ShouldBe(Failure.Types.Kind.Denied);
    }

    [Fact]
    public async Task An_unknown_tool_is_not_found_and_the_nearest_is_named()
    {
        var fault = await FaultAsync(host.Client.GetToolAsync(new GetToolRequest { Name = "calculater" }));

        fault.StatusCode.ShouldBe(StatusCode.NotFound);
        fault.Status.Detail.ShouldContain("There is no tool 'calculater'.");
    }

    [Fact]
    public async Task A_call_gives_the_result()
    {
        var response = await host.Client.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = """{"expression":"17.5/100*2340"}""" });

        response.Result.ShouldBe("""{"value":409.5,"text":"409.5"}""");
        response.Attempts.ShouldBe(1);
        response.DurationMs.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_goes_wrong_inside_is_part_of_the_response()
    {
        var unknown = await host.Client.CallToolAsync(new CallToolRequest { Name = "calculater" });
        var invalid = await host.Client.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = "{}" });
        var failed = await host.Client.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = """{"expression":"1/0"}""" });

        unknown.Failure.Kind.ShouldBe(Failure.Types.Kind.UnknownTool);
        unknown.Failure.Hint.ShouldBe("Did you mean 'calculator'?");
        invalid.Failure.Kind.ShouldBe(Failure.Types.Kind.InvalidArguments);
        failed.Failure.Kind.ShouldBe(Failure.Types.Kind.Failed);
        failed.Failure.Message.ShouldContain("division by zero");
    }

    [Fact]
    public async Task A_private_address_is_refused()
    {
        var response = await host.Client.CallToolAsync(new CallToolRequest { Name = "http_get", Arguments = """{"url":"http://127.0.0.1:1/"}""" });

        response.Failure.Message.ShouldContain("inside a private network");
    }

    [Fact]
    public async Task Everything_wrong_with_a_request_is_said_at_once()
    {
        var call = await FaultAsync(host.Client.CallToolAsync(new CallToolRequest
        {
            Name = "notes_add",
            Arguments = new string(' ', 1024 * 1024 + 1),
            RunId = "nonsense",
            Agent = "a\nb",
            Step = -1,
            Call = -1,
        }));
        var list = await FaultAsync(host.Client.ListToolsAsync(new ListToolsRequest { PageSize = 501, PageToken = "§", Query = new string('x', 201) }));
        var get = await FaultAsync(host.Client.GetToolAsync(new GetToolRequest()));

        call.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var field in new[] { "arguments:", "idempotency_key:", "run_id:", "agent:", "step:", "call:" })
        {
            call.Status.Detail.ShouldContain(field);
        }

        foreach (var field in new[] { "page_size:", "page_token:", "query:" })
        {
            list.Status.Detail.ShouldContain(field);
        }

        get.Status.Detail.ShouldContain("name: must be given.");
    }

    [Fact]
    public async Task Notes_and_records_belong_to_the_tenant_of_the_caller()
    {
        var caller = new Caller("tenant-x", "agent:hello", ["*"]);
        var run = Guid.CreateVersion7();
        await host.Client.CallToolAsync(
            new CallToolRequest { Name = "notes_add", Arguments = """{"text":"hi"}""", IdempotencyKey = "k", RunId = run.ToString(), Agent = "hello", Step = 2, Call = 1 },
            host.As(caller));

        var own = await host.Client.CallToolAsync(new CallToolRequest { Name = "notes_list" }, host.As(caller));
        var other = await host.Client.CallToolAsync(new CallToolRequest { Name = "notes_list" }, host.As(Callers.OfOtherTenant));

        own.Result.ShouldContain("\"count\":1");
        other.Result.ShouldContain("\"count\":0");
        await Eventually.HoldsAsync(async () => await OutcomesAsync("tenant-x") is ["notes_add 2/1 ok", "notes_list 0/0 ok"]);
    }

    [Fact]
    public async Task Many_calls_at_once_all_get_their_own_answer()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(async i =>
            (i, await host.Client.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = $$"""{"expression":"{{i}}+1"}""" }))));

        responses.ShouldAllBe(r => r.Item2.Result == $$"""{"value":{{r.i + 1}},"text":"{{r.i + 1}}"}""");
    }

    private async Task<List<string>> OutcomesAsync(string tenant)
    {
        await using var batch = host.Database.DataSource(DatabaseRoles.Tools).CreateTenantBatch(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT tool || ' ' || step || '/' || call || ' ' || outcome FROM tools.calls ORDER BY id"));
        await using var reader = await batch.ExecuteTenantReaderAsync();
        var outcomes = new List<string>();
        while (await reader.ReadAsync())
        {
            outcomes.Add(reader.GetString(0));
        }

        return outcomes;
    }

    private static async Task<RpcException> FaultAsync<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);
}
