using System.Text;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Watching;
using Minion.Orchestration.Streams;
using Minion.Orchestration.Tests.Hosting;
using Minion.Testing.OpenAi;
using Part = Minion.Contracts.Orchestration.V1.StreamPart.PartOneofCase;

namespace Minion.Orchestration.Tests.Streams;

/// <summary>Typed parts: each exactly once, in order, whatever is cut and however slowly they are read.</summary>
public sealed class StreamTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const int Cuts = 200;

    [Fact]
    public async Task A_run_is_told_in_typed_parts()
    {
        await using var model = await FakeOpenAi.StartAsync();
        model.Then(
            Replies.Answer(new FakeAnswer
            {
                Reasoning = "let me see",
                Text = "I look it up.",
                FinishReason = "tool_calls",
                ToolCalls = [new FakeToolCall("c1", "calculator", """{"expression":"1+1"}""")],
            }),
            Replies.Text("It is two."));
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        var agent = await host.AgentAtAsync(model.Url, "calculator");
        var run = await host.StartAsync(agent, "go");

        var parts = await ReadAsync(host, run.Id);

        parts.Select(p => p.PartCase).Aggregate(new List<Part>(), (list, p) => list is [.., var last] && last == p ? list : [.. list, p]).ShouldBe(
            [Part.Reasoning, Part.Text, Part.ToolCall, Part.Usage, Part.ToolResult, Part.Text, Part.Usage, Part.Done]);
        parts.Single(p => p.ToolCall is not null).ToolCall.Arguments.ShouldBe("""{"expression":"1+1"}""");
        parts.Single(p => p.ToolResult is not null).ToolResult.Result.ShouldContain("2");
        (parts[^1].Done.Status, parts[^1].Done.Output, parts[^1].Done.Usage.ModelCalls).ShouldBe((RunStatus.Completed, "It is two.", 2));
        Assembled.Of(parts).ShouldBe(await Assembled.OfJournalAsync(host, run.Id));
        var watched = await WatchAsync(host, run.Id);
        watched[^1].Done.Status.ShouldBe(RunStatus.Completed);
        watched[^1].Done.LastSeq.ShouldBe(watched.Where(p => p.Entry is not null).Max(p => p.Entry.Seq));
    }

    [Fact]
    public async Task Watching_shows_reasoning_and_calls_of_the_answer_under_way()
    {
        await using var model = await FakeOpenAi.StartAsync();
        var tool = new GatedTool("gated", Effect.ReadOnly);
        var seen = new TaskCompletionSource();
        var answer = new FakeAnswer { Reasoning = "let me see", FinishReason = "tool_calls", ToolCalls = [new FakeToolCall("c1", "gated", "{}")] };
        model.Then(Replies.Paced(answer, i => i < 2 ? Task.CompletedTask : seen.Task));
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10", tools: tool);
        var agent = await host.AgentAtAsync(model.Url, "gated");
        tool.Open();
        var run = await host.StartAsync(agent, "go");

        var watched = await WatchAsync(host, run.Id, part => _ = part.Reasoning is null || seen.TrySetResult());

        string.Concat(watched.Where(p => p.Reasoning is not null).Select(p => p.Reasoning.Text)).ShouldBe("let me see");
        watched.Single(p => p.ToolCall is not null).ToolCall.ToolCall.Tool.ShouldBe("gated");
    }

    [Fact]
    public async Task What_a_tool_says_while_it_works_is_told_once_and_before_its_result()
    {
        var tool = new GatedTool("gated", Effect.ReadOnly) { Says = "one\ntwo\u001b[2J" };
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:01:00", tools: tool);
        var agent = await host.AgentAsync("""{"rules":[{"match":"go","calls":[{"tool":"gated","arguments":{}}],"say":"done"}],"otherwise":"?"}""", ["gated"]);
        var run = await host.StartAsync(agent, "go");
        using var watch = host.Runs.WatchRun(new WatchRunRequest { RunId = run.Id }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(90));
        var watched = await UntilAsync(watch.ResponseStream, part => part.ToolOutput is not null);
        using var streamed = host.Streams.StreamRun(new StreamRunRequest { RunId = run.Id }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(90));
        var parts = await UntilAsync(streamed.ResponseStream, part => part.ToolOutput is not null);
        using var cut = host.Streams.StreamRun(new StreamRunRequest { RunId = run.Id, Cursor = parts[^1].Cursor }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(90));
        tool.Open();

        var output = watched[^1].ToolOutput;
        (output.Tool, output.Call, output.Text).ShouldBe(("gated", 0, "one\ntwo\\x1b[2J"));
        parts[^1].ToolOutput.Text.ShouldBe("one\ntwo\\x1b[2J");
        (await cut.ResponseStream.ReadAllAsync().ToListAsync()).Where(p => p.PartCase is Part.ToolOutput or Part.ToolResult).Select(p => p.PartCase).ShouldBe([Part.ToolResult]);
        var rest = await watch.ResponseStream.ReadAllAsync().ToListAsync();
        rest.Count(p => p.ToolOutput is not null).ShouldBe(0);
        rest.Count(p => p.Entry?.Tool is not null).ShouldBe(1);
        (await ReadAsync(host, run.Id)).Count(p => p.ToolOutput is not null).ShouldBe(0);
    }

    [Fact]
    public void A_cursor_from_before_there_was_output_of_tools_is_still_one()
    {
        var cursor = new RunCursor(7, IsDone: false, Shown.Nothing(new CallPosition(2, 0, 1, 1))) { Output = new OutputPosition(3, 4) };

        RunCursor.Parse(cursor.ToString()).ShouldBe(cursor);
        RunCursor.Parse(string.Join('.', cursor.ToString().Split('.')[..11])).ShouldBe(cursor with { Output = default });
        RunCursor.Parse(string.Join('.', cursor.ToString().Split('.')[..12])).ShouldBeNull();
    }

    [Fact]
    public async Task However_often_it_is_cut_each_part_comes_once_and_in_order()
    {
        var random = new Random(20_261);
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        var words = string.Join(' ', Enumerable.Range(1, 150).Select(i => $"w{i}"));
        var script = """
            {"delay":"2ms","rules":[{"match":"go","calls":[{"tool":"calculator","arguments":{"expression":"1+1"}}],"say":"WORDS = {{calculator.value}}"}],"otherwise":"WORDS"}
            """.Replace("WORDS", words, StringComparison.Ordinal);
        var agent = await host.AgentAsync(script, ["calculator"]);
        var session = (await host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        string[] runs = [(await host.StartAsync(agent, "go", session)).Id, (await host.StartAsync(agent, "hello", session)).Id];
        var parts = new List<StreamPart>();
        var cuts = 0;

        while (await ReadSomeAsync(host, session, parts, random.Next(0, 4)))
        {
            cuts++;
        }

        // The rest of the cuts go through a stream that is over: from any of its parts on, the same follows.
        for (; cuts < Cuts; cuts++)
        {
            var again = parts.Take(random.Next(0, parts.Count + 1)).ToList();
            while (await ReadSomeAsync(host, session, again, random.Next(20, 400)))
            {
                cuts++;
            }

            await CheckAsync(again);
        }

        await CheckAsync(parts);

        async Task CheckAsync(List<StreamPart> all)
        {
            all.Where(p => p.Turn is not null).Select(p => p.RunId).ShouldBe(runs);
            all.Select(p => p.Cursor).Distinct().Count().ShouldBe(all.Count);
            foreach (var run in runs)
            {
                var ofRun = all.FindAll(p => p.RunId == run && p.Turn is null);
                ofRun.Select(p => p.Seq).ShouldBeInOrder();
                ofRun.Count(p => p.Done is not null).ShouldBe(1);
                Assembled.Of(ofRun).ShouldBe(await Assembled.OfJournalAsync(host, run));
            }
        }
    }

    [Fact]
    public async Task What_was_streamed_of_an_attempt_that_came_to_nothing_is_taken_back()
    {
        await using var model = await FakeOpenAi.StartAsync();
        model.Then(Replies.CutOffAfter(4, new FakeAnswer { Text = "one two three four five six" }), Replies.Text("uno dos tres"));
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");
        var run = await host.StartAsync(await host.AgentAtAsync(model.Url), "go");

        var parts = await ReadAsync(host, run.Id);

        Assembled.Of(parts).ShouldBe(await Assembled.OfJournalAsync(host, run.Id));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_slows_no_run_and_nothing_gathers_for_it()
    {
        const int Runs = 55;
        const int Length = (15 * 65_536) - 1;
        await using var model = await FakeOpenAi.StartAsync();
        model.Otherwise = Replies.Text(string.Join(' ', Enumerable.Range(0, 15).Select(i => new string((char)('a' + i), 65_535))));
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:30");
        var agent = await host.PatientAgentAsync(model.Url);
        var definition = (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = agent })).Agent.Definition;
        definition.Context = new ContextSettings { MaxTokens = 1_000, Summarize = false };
        await host.Agents.UpdateAgentAsync(new UpdateAgentRequest { Definition = definition });
        var session = (await host.Sessions.CreateSessionAsync(new CreateSessionRequest())).Session.Id;
        var first = await host.StartAsync(agent, "go", session);
        using var slow = host.Streams.StreamSession(new StreamSessionRequest { SessionId = session, UntilIdle = true });
        (await slow.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        var feeds = host.Services.GetRequiredService<LiveFeeds>();
        using var hold = feeds.Watch("default", Guid.Parse(first.Id));
        using var idle = hold.Feed.Join();
        var runs = new List<string> { first.Id };
        for (var i = 1; i < Runs; i++)
        {
            runs.Add((await host.StartAsync(agent, $"{i}", session)).Id);
        }

        foreach (var run in runs)
        {
            (await host.UntilAsync(run, RunStatus.Completed, RunStatus.Failed)).Status.ShouldBe(RunStatus.Completed);
        }

        hold.Feed.KeptEntries.ShouldBeLessThanOrEqualTo(LiveFeed.MostEntries);
        idle.Text.ShouldBe(0);
        var (characters, done) = (0L, new List<string>());
        await foreach (var part in slow.ResponseStream.ReadAllAsync())
        {
            part.Restarted.ShouldBeNull();
            characters += part.Text?.Text.Length ?? 0;
            done.AddRange(part.Done is null ? [] : [part.RunId]);
        }

        characters.ShouldBe((long)Runs * Length);
        done.ShouldBe(runs);
    }

    [Fact]
    public async Task Cursors_and_ids_that_are_none_and_other_tenants_runs_are_refused()
    {
        await using var host = await EngineHost.StartAsync(database.Database, lease: "00:00:10");

        (await FailureAsync(host.Streams.StreamRun(new StreamRunRequest { RunId = "x", Cursor = "y" }))).Status.Detail.ShouldContain("cursor");
        (await FailureAsync(host.Streams.StreamRun(new StreamRunRequest { RunId = Guid.NewGuid().ToString() }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureAsync(host.Streams.StreamSession(new StreamSessionRequest { SessionId = Guid.NewGuid().ToString() }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private static async Task<RpcException> FailureAsync(AsyncServerStreamingCall<StreamPart> call) =>
        await Should.ThrowAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None));

    private static async Task<List<T>> UntilAsync<T>(IAsyncStreamReader<T> stream, Predicate<T> isLast)
    {
        var parts = new List<T>();
        while (await stream.MoveNext(CancellationToken.None))
        {
            parts.Add(stream.Current);
            if (isLast(stream.Current))
            {
                return parts;
            }
        }

        throw new InvalidOperationException($"The stream ended after {parts.Count} parts.");
    }

    private static async Task<List<StreamPart>> ReadAsync(EngineHost host, string run)
    {
        using var stream = host.Streams.StreamRun(new StreamRunRequest { RunId = run }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.Add(Eventually.Patience));
        return await stream.ResponseStream.ReadAllAsync().ToListAsync();
    }

    private static async Task<List<WatchRunResponse>> WatchAsync(EngineHost host, string run, Action<WatchRunResponse>? each = null)
    {
        using var watch = host.Runs.WatchRun(new WatchRunRequest { RunId = run }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.Add(Eventually.Patience));
        var parts = new List<WatchRunResponse>();
        await foreach (var part in watch.ResponseStream.ReadAllAsync())
        {
            parts.Add(part);
            each?.Invoke(part);
        }

        return parts;
    }

    /// <summary>Reads some parts, then cuts; false when the stream ended before.</summary>
    private static async Task<bool> ReadSomeAsync(EngineHost host, string session, List<StreamPart> parts, int some)
    {
        var request = new StreamSessionRequest { SessionId = session, UntilIdle = true, Cursor = parts.Count == 0 ? "" : parts[^1].Cursor };
        using var stream = host.Streams.StreamSession(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.Add(Eventually.Patience));
        for (var i = 0; i < some; i++)
        {
            if (!await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
                return false;
            }

            parts.Add(stream.ResponseStream.Current);
        }

        return true;
    }

    /// <summary>What parts say together: a line for each answer, call, result and end.</summary>
    private static class Assembled
    {
        public static string Of(IEnumerable<StreamPart> parts)
        {
            var lines = new StringBuilder();
            var (text, reasoning, calls) = (new StringBuilder(), new StringBuilder(), new List<string>());
            foreach (var part in parts)
            {
                switch (part.PartCase)
                {
                    case Part.Text:
                        text.Append(part.Text.Text);
                        break;
                    case Part.Reasoning:
                        reasoning.Append(part.Reasoning.Text);
                        break;
                    case Part.ToolCall:
                        calls.Add($"{part.ToolCall.Tool}({part.ToolCall.Arguments})");
                        break;
                    case Part.Restarted:
                        (text, reasoning, calls) = (new StringBuilder(), new StringBuilder(), []);
                        break;
                    case Part.Usage:
                        lines.AppendLine(Answer(text.ToString(), reasoning.ToString(), calls, part.Usage.OutputTokens));
                        (text, reasoning, calls) = (new StringBuilder(), new StringBuilder(), []);
                        break;
                    case Part.ToolResult:
                        lines.AppendLine($"{part.ToolResult.Tool} = {part.ToolResult.Result}");
                        break;
                    case Part.Done:
                        lines.AppendLine($"{part.Done.Status}: {part.Done.Output}");
                        break;
                }
            }

            return lines.ToString();
        }

        public static async Task<string> OfJournalAsync(EngineHost host, string run)
        {
            var lines = new StringBuilder();
            foreach (var entry in await host.EntriesAsync(run))
            {
                switch (entry.KindCase)
                {
                    case Entry.KindOneofCase.Model:
                        var calls = entry.Model.ToolCalls.Select(c => $"{c.Tool}({c.Arguments})").ToList();
                        lines.AppendLine(Answer(entry.Model.Text, entry.Model.Reasoning, calls, entry.Usage.OutputTokens));
                        break;
                    case Entry.KindOneofCase.Tool:
                        lines.AppendLine($"{entry.Tool.Tool} = {entry.Tool.Result}");
                        break;
                    case Entry.KindOneofCase.Completed:
                        lines.AppendLine($"{RunStatus.Completed}: {entry.Completed.Output}");
                        break;
                }
            }

            return lines.ToString();
        }

        private static string Answer(string text, string reasoning, List<string> calls, long tokens) => $"[{reasoning}] {text} {string.Join(", ", calls)} ({tokens})";
    }
}
