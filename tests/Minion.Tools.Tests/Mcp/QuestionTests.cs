using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Testing.Time;
using Minion.Tools.Mcp;
using ModelContextProtocol.Protocol;
using Action = Minion.Contracts.Tools.V1.QuestionAnswer.Types.Action;
using InputRequest = ModelContextProtocol.Protocol.InputRequest;

namespace Minion.Tools.Tests.Mcp;

/// <summary>Servers that ask in the middle of a call.</summary>
public sealed class QuestionTests
{
    private static readonly ElicitRequestParams Ask = new()
    {
        Message = "Who are you?",
        RequestedSchema = new ElicitRequestParams.RequestSchema
        {
            Properties =
            {
                ["name"] = new ElicitRequestParams.StringSchema(),
                ["town"] = new ElicitRequestParams.StringSchema { Default = "Turin" },
            },
        },
    };

    [Fact]
    public async Task A_question_to_a_person_ends_the_call_which_goes_on_with_the_answer()
    {
        var calls = 0;
        await using var server = Asking(() => Interlocked.Increment(ref calls));
        await using var source = server.Source();
        var tool = await source.FindAsync("peer_greet");

        var asked = (await tool.CallAsync()).ShouldBeOfType<ToolInputRequired>();
        var question = asked.Requests.ShouldHaveSingleItem().Question;
        question.Message.ShouldBe("Who are you?");
        question.Schema.ShouldContain("\"name\"");
        source.HeldCalls.ShouldBe(1);

        var outcome = await tool.CallAsync("{}", asked.State, Accept(asked, """{"name":"Ada"}"""));

        outcome.Value().GetProperty("text").GetString().ShouldBe("accept Ada of Turin");
        calls.ShouldBe(1);
        source.HeldCalls.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_is_not_open_any_longer_is_made_again_and_finds_its_answers()
    {
        var calls = 0;
        var time = new ManualTime();
        await using var server = Asking(() => Interlocked.Increment(ref calls));
        await using var source = server.Source(time: time);
        var tool = await source.FindAsync("peer_greet");
        var asked = (await tool.CallAsync()).ShouldBeOfType<ToolInputRequired>();

        time.Advance(TimeSpan.FromMinutes(10));
        source.HeldCalls.ShouldBe(0);
        var outcome = await tool.CallAsync("{}", asked.State, Accept(asked, """{"name":"Ada","town":"London"}"""));

        outcome.Value().GetProperty("text").GetString().ShouldBe("accept Ada of London");
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task Another_process_goes_on_with_what_was_answered()
    {
        await using var server = Asking(() => { });
        ToolInputRequired asked;
        await using (var first = server.Source())
        {
            asked = (await (await first.FindAsync("peer_greet")).CallAsync()).ShouldBeOfType<ToolInputRequired>();
        }

        await using var second = server.Source();
        var outcome = await (await second.FindAsync("peer_greet")).CallAsync("{}", asked.State, Accept(asked, """{"name":"Ada"}"""));

        outcome.Value().GetProperty("text").GetString().ShouldBe("accept Ada of Turin");
    }

    [Theory]
    [InlineData(Action.Decline, "decline")]
    [InlineData(Action.Cancel, "cancel")]
    public async Task A_person_who_does_not_answer_is_told_to_the_server(Action action, string told)
    {
        await using var server = Asking(() => { });
        await using var source = server.Source();
        var tool = await source.FindAsync("peer_greet");
        var asked = (await tool.CallAsync()).ShouldBeOfType<ToolInputRequired>();

        var outcome = await tool.CallAsync("{}", asked.State, new InputAnswer { Id = asked.Requests[0].Id, Question = new QuestionAnswer { Action = action } });

        outcome.Value().GetProperty("text").GetString().ShouldStartWith(told);
    }

    [Fact]
    public async Task A_call_that_waits_has_its_connection_for_itself_and_others_take_another()
    {
        await using var server = Asking(() => { });
        server.Tools.Add(PipeServer.Tool("other"));
        await using var source = server.Source();
        var asking = await source.FindAsync("peer_greet");
        var asked = (await asking.CallAsync()).ShouldBeOfType<ToolInputRequired>();

        (await (await source.FindAsync("peer_other")).CallAsync()).Value().GetProperty("text").GetString().ShouldBe("done");

        server.Connections.ShouldBe(2);
        (await asking.CallAsync("{}", asked.State, Accept(asked, """{"name":"Ada"}"""))).Value().GetProperty("text").GetString()!.ShouldContain("Ada");
    }

    [Fact]
    public async Task A_question_that_could_be_about_two_calls_is_not_answered_and_after_that_calls_do_not_share()
    {
        var inside = new SemaphoreSlim(0);
        var (go, leave) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = Asking(() => { });
        server.Tools.Add(PipeServer.Tool("other"));
        var greet = server.OnCall;
        server.OnCall = async (context, token) =>
        {
            inside.Release();
            await (context.Params!.Name == "other" ? leave : go).Task.WaitAsync(McpTesting.Patience, token);
            return await greet(context, token);
        };
        await using var source = server.Source();
        var (asking, other) = (await source.FindAsync("peer_greet"), await source.FindAsync("peer_other"));

        var calls = new[] { asking.CallAsync(), other.CallAsync() };
        await inside.WaitAsync(McpTesting.Patience, TestContext.Current.CancellationToken);
        await inside.WaitAsync(McpTesting.Patience, TestContext.Current.CancellationToken);
        go.SetResult();

        (await calls[0]).ShouldBeOfType<ToolFailure>();
        leave.SetResult();
        (await calls[1]).ShouldBeOfType<ToolResult>();
        calls = [asking.CallAsync(), other.CallAsync()];
        (await calls[0]).ShouldBeOfType<ToolInputRequired>();
        (await calls[1]).ShouldBeOfType<ToolResult>();
    }

    [Fact]
    public async Task A_model_is_asked_in_the_agents_name()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("sum_up") } };
        server.OnCall = async (context, token) =>
        {
#pragma warning disable MCP9005
            var said = await context.Server.SampleAsync(
                new CreateMessageRequestParams
                {
                    MaxTokens = 77,
                    SystemPrompt = "Be short.",
                    Temperature = 0.5f,
                    StopSequences = ["END"],
                    Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = "Sum up." }] }],
                },
                cancellationToken: token);
#pragma warning restore MCP9005
            return PipeServer.Text($"{said.Model}: {said.Content.OfType<TextContentBlock>().Single().Text} ({said.StopReason})");
        };
        await using var source = server.Source();
        var tool = await source.FindAsync("peer_sum_up");

        var asked = (await tool.CallAsync()).ShouldBeOfType<ToolInputRequired>();
        var request = asked.Requests.ShouldHaveSingleItem().Model;
        request.SystemPrompt.ShouldBe("Be short.");
        request.MaxTokens.ShouldBe(77);
        request.Temperature.ShouldBe(0.5);
        request.StopSequences.ShouldBe(["END"]);
        request.Messages.ShouldHaveSingleItem().Text.ShouldBe("Sum up.");

        var outcome = await tool.CallAsync(
            "{}", asked.State, new InputAnswer { Id = asked.Requests[0].Id, Model = new ModelAnswer { Text = "Short.", Model = "m1", StopReason = "max_tokens" } });
        outcome.Value().GetProperty("text").GetString().ShouldBe("m1: Short. (maxTokens)");
    }

    [Fact]
    public async Task A_server_of_the_newest_protocol_is_given_its_state_and_answers_with_the_next_request()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("greet") } };
        server.OnCall = (context, _) => context.Params!.InputResponses is { } answers
            ? new(PipeServer.Text($"{context.Params.RequestState}: {answers["who"].RawValue.GetRawText()}"))
            : throw new InputRequiredException(new Dictionary<string, InputRequest> { ["who"] = InputRequest.ForElicitation(Ask) }, "step 1");
        ToolInputRequired asked;
        await using (var first = server.Source("2026-07-28"))
        {
            asked = (await (await first.FindAsync("peer_greet")).CallAsync()).ShouldBeOfType<ToolInputRequired>();
            first.HeldCalls.ShouldBe(0);
        }

        await using var second = server.Source("2026-07-28");
        var text = (await (await second.FindAsync("peer_greet")).CallAsync("{}", asked.State, Accept(asked, """{"name":"Ada"}"""))).Value().GetProperty("text").GetString()!;

        text.ShouldStartWith("step 1: ");
        text.ShouldContain("\"Turin\"");
    }

    [Fact]
    public async Task A_server_that_asks_without_end_is_given_up()
    {
        await using var server = new PipeServer { Tools = { PipeServer.Tool("greet") } };
        server.OnCall = (_, _) => throw new InputRequiredException(new Dictionary<string, InputRequest>(), "again");
        await using var source = server.Source("2026-07-28");

        var failure = (await (await source.FindAsync("peer_greet")).CallAsync()).Failure();

        failure.Message.ShouldContain("asked 20 times");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"version":1,"rounds":"x"}""")]
    public async Task A_state_that_is_none_starts_the_call_anew(string state)
    {
        await using var server = Asking(() => { });
        await using var source = server.Source();

        (await (await source.FindAsync("peer_greet")).CallAsync("{}", state)).ShouldBeOfType<ToolInputRequired>();
    }

    private static PipeServer Asking(System.Action called) => new()
    {
        Tools = { PipeServer.Tool("greet") },
        OnCall = async (context, token) =>
        {
            if (context.Params!.Name != "greet")
            {
                return PipeServer.Text("done");
            }

            called();
            var said = await context.Server.ElicitAsync(Ask, token);
            return PipeServer.Text($"{said.Action} {Field(said, "name")} of {Field(said, "town")}");
        },
    };

    private static string? Field(ElicitResult said, string name) =>
        said.Content is { } content && content.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : "";

    private static InputAnswer Accept(ToolInputRequired asked, string content) =>
        new() { Id = asked.Requests[0].Id, Question = new QuestionAnswer { Action = Action.Accept, Content = content } };
}
