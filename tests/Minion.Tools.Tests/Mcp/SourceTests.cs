using System.Diagnostics;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Testing.Time;
using Minion.Tools.Mcp;
using Minion.Tools.Sources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Minion.Tools.Tests.Mcp;

/// <summary>What a source makes of a server: its tools, their results, changes and failures.</summary>
public sealed class SourceTests
{
    [Fact]
    public async Task Tools_say_what_the_server_says_of_them()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("readFile", readOnly: true), PipeServer.Tool("send") } };
        await using var source = server.Source();

        var tools = await source.ListAsync();

        tools.Select(tool => tool.Description.Name).ShouldBe(["peer_read_file", "peer_send"]);
        tools.Select(tool => tool.Description.Description).ShouldBe(["The tool readFile.", "The tool send."]);
        tools.ShouldAllBe(tool => tool.Description.Untrusted);
        source.Health.ShouldBe(new SourceHealth(SourceState.Ready));
    }

    [Theory]
    [InlineData(false, Effect.SideEffect, Effect.SideEffect, Effect.SideEffect)]
    [InlineData(true, Effect.ReadOnly, Effect.Idempotent, Effect.SideEffect)]
    public async Task What_a_server_says_that_its_tools_change_counts_where_it_is_trusted(bool trusted, Effect reading, Effect idempotent, Effect silent)
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("read", readOnly: true), PipeServer.Tool("put", idempotent: true), PipeServer.Tool("send") } };
        await using var source = server.Source(trusted: trusted);

        var tools = await source.ListAsync();
        var policies = tools.Select(tool => tool.Description.Policy).ToList();

        policies.Select(policy => policy.Effect).ShouldBe([reading, idempotent, silent]);
        tools.SelectMany(tool => tool.Description.Tags).ShouldBe(trusted ? [] : ["claims_read_only", "claims_idempotent"]);
        policies.ShouldAllBe(policy => policy.Retries == 0 == (policy.Effect == Effect.SideEffect));
    }

    [Fact]
    public async Task What_cannot_be_used_is_left_out_with_the_reason_and_the_rest_works()
    {
        await using var server = new PipeServer
        {
            Tools =
            {
                PipeServer.Tool("twice"),
                PipeServer.Tool("twice"),
                PipeServer.Tool("fetching", """{"type":"object","properties":{"a":{"$ref":"https://example.com/schema.json"}}}"""),
                PipeServer.Tool("nonsense", """{"type":"object","properties":{"a":{"type":"wombat"}}}"""),
                PipeServer.Tool("large", $$"""{"type":"object","description":"{{new string('x', 70_000)}}"}"""),
                PipeServer.Tool("recursive", """{"type":"object","properties":{"child":{"$ref":"#"}}}"""),
                PipeServer.Tool("pattern", """{"type":"object","properties":{"a":{"type":"string","pattern":"^(a+)+$"}}}"""),
            },
        };
        await using var source = server.Source();

        (await source.ListAsync()).Select(tool => tool.Description.Name).ShouldBe(["peer_recursive", "peer_pattern"]);

        foreach (var name in new[] { "'twice': 2 tools have this name", "'fetching'", "'nonsense'", "'large'" })
        {
            source.Health.Detail.ShouldContain(name);
        }
    }

    [Fact]
    public async Task Results_keep_texts_structure_and_attachments()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("all") } };
        server.OnCall = (_, _) => new(new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = "one" },
                new TextContentBlock { Text = "two" },
                ImageContentBlock.FromBytes(new byte[] { 1, 2, 3 }, "image/png"),
                new ResourceLinkBlock { Uri = "file:///a", Name = "a" },
            ],
            StructuredContent = JsonElement.Parse("""{"n":1}"""),
        });
        await using var source = server.Source();

        var value = (await (await source.FindAsync("peer_all")).CallAsync()).Value();

        value.GetProperty("text").GetString().ShouldBe("one\ntwo");
        value.GetProperty("structured").GetProperty("n").GetInt32().ShouldBe(1);
        value.GetProperty("attachments")[0].GetProperty("mime_type").GetString().ShouldBe("image/png");
        value.GetProperty("attachments")[0].GetProperty("data").GetString().ShouldBe("AQID");
        value.GetProperty("attachments")[1].GetProperty("uri").GetString().ShouldBe("file:///a");
    }

    [Fact]
    public async Task A_tool_that_says_what_it_gives_gives_that()
    {
        var tool = PipeServer.Tool("count");
        tool.OutputSchema = JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}""");
        await using var server = new PipeServer { Tools = { tool } };
        server.OnCall = (context, _) => new(new CallToolResult
        {
            Content = [new TextContentBlock { Text = """{"n":3}""" }],
            StructuredContent = context.Params!.Arguments!.ContainsKey("text_only") ? null : JsonElement.Parse("""{"n":2}"""),
        });
        await using var source = server.Source();
        var count = await source.FindAsync("peer_count");

        (await count.CallAsync()).Value().GetRawText().ShouldBe("""{"n":2}""");
        (await count.CallAsync("""{"text_only":true}""")).Value().GetRawText().ShouldBe("""{"n":3}""");
    }

    [Fact]
    public async Task A_tools_own_failure_is_what_the_model_reads()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("fail") } };
        server.OnCall = (_, _) => new(new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "No such file:\u0007 a.txt" }] });
        await using var source = server.Source();

        var failure = (await (await source.FindAsync("peer_fail")).CallAsync()).Failure();

        failure.Message.ShouldBe("No such file:  a.txt");
        failure.Undecided.ShouldBeFalse();
    }

    [Fact]
    public async Task A_changed_list_is_told_once_however_often_the_server_tells_it()
    {
        var time = new ManualTime();
        var told = 0;
        await using var server = new PipeServer { Tools = { PipeServer.Tool("flood") } };
        server.OnCall = async (context, token) =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                await context.Server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, token);
            }

            return PipeServer.Text("flooded");
        };
        await using var source = server.Source(time: time);
        source.Changed += (_, _) => Interlocked.Increment(ref told);

        (await (await source.FindAsync("peer_flood")).CallAsync()).ShouldBeOfType<ToolResult>();

        told.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(1));
        told.ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(1));
        told.ShouldBe(2);
    }

    [Fact]
    public async Task A_list_that_changes_during_a_call_does_not_disturb_it()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("grow") } };
        server.OnCall = async (context, token) =>
        {
            server.Tools.Add(PipeServer.Tool("grown"));
            await context.Server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, token);
            return PipeServer.Text("grown");
        };
        await using var source = server.Source();
        var changed = new TaskCompletionSource();
        source.Changed += (_, _) => changed.TrySetResult();

        (await (await source.FindAsync("peer_grow")).CallAsync()).ShouldBeOfType<ToolResult>();

        await changed.Task.WaitAsync(McpTesting.Patience, TestContext.Current.CancellationToken);
        (await source.ListAsync()).Select(tool => tool.Description.Name).ShouldBe(["peer_grow", "peer_grown"]);
    }

    [Fact]
    public async Task Progress_is_noted_in_the_span_of_the_call()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("slow") } };
        server.OnCall = async (context, token) =>
        {
            await context.Server.NotifyProgressAsync(
                context.Params!.ProgressToken!.Value, new ProgressNotificationValue { Progress = 2, Total = 5, Message = "half way" }, cancellationToken: token);
            return PipeServer.Text("done");
        };
        await using var source = server.Source();
        var tool = await source.FindAsync("peer_slow");
        using var span = new Activity("call").Start();

        await tool.CallAsync();

        span.Events.ShouldHaveSingleItem().Tags.ShouldHaveSingleItem().Value.ShouldBe("2/5 half way");
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_tried_again_after_a_pause_that_doubles()
    {
        var time = new ManualTime();
        await using var server = new PipeServer { Tools = { PipeServer.Tool("a") }, Unreachable = new IOException("no route") };
        await using var source = server.Source(time: time);

        foreach (var pause in new[] { 0.5, 1, 2 })
        {
            (await Should.ThrowAsync<ToolSourceException>(source.ListAsync())).Message.ShouldContain("no route");
            (await Should.ThrowAsync<ToolSourceException>(source.ListAsync())).Message.ShouldContain("is tried again in");
            source.Health.State.ShouldBe(SourceState.Failing);
            time.Advance(TimeSpan.FromSeconds(pause));
        }

        server.Connections.ShouldBe(3);
        server.Unreachable = null;
        (await source.ListAsync()).ShouldHaveSingleItem();
        source.Health.State.ShouldBe(SourceState.Ready);
    }

    [Fact]
    public async Task Many_calls_share_one_connection()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("a") } };
        await using var source = server.Source();
        var tool = await source.FindAsync("peer_a");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => tool.CallAsync()));

        outcomes.ShouldAllBe(outcome => outcome is ToolResult);
        server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task The_server_is_told_the_key_of_the_call()
    {
        var key = "";
        await using var server = new PipeServer { Tools = { PipeServer.Tool("a") } };
        server.OnCall = (context, _) =>
        {
            key = context.Params!.Meta!["dev.minion/idempotency-key"]!.GetValue<string>();
            return new(PipeServer.Text("done"));
        };
        await using var source = server.Source();

        await (await source.FindAsync("peer_a")).CallAsync();

        key.ShouldBe("key");
    }
}
