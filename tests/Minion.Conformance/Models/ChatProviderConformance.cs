using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Models;

namespace Minion.Conformance.Models;

/// <summary>What every provider of chat models keeps, seen through the gateway.</summary>
public abstract class ChatProviderConformance : IDisposable
{
    private readonly ServiceProvider _host = ModelHost.Start();

    protected static IReadOnlyList<AITool> Tools { get; } =
    [
        AIFunctionFactory.CreateDeclaration("calculator", "Computes.", Schema("expression")),
        AIFunctionFactory.CreateDeclaration("time", "Tells the time.", Schema("place")),
    ];

    /// <summary>A model that answers anything with this text.</summary>
    protected abstract ModelDefinition Saying(string text);

    /// <summary>
    /// A model that answers the message <c>go</c> with two calls, calculator {expression: "6 * 7"} and time {place: "Tokyo"}, and, when their
    /// results are there, with <paramref name="text"/>.
    /// </summary>
    protected abstract ModelDefinition CallingTools(string text);

    [Theory]
    [InlineData("Hello.")]
    [InlineData("Two  spaces, a tab\tand\nlines, “quotes”, 日本語, 👩‍🚀, \"json\" {{braces}} </html>.")]
    public async Task A_text_arrives_whole_and_streamed_as_the_model_said_it(string text)
    {
        var client = Client(Saying(text));

        var whole = await client.GetResponseAsync("hi");
        var streamed = await client.GetStreamingResponseAsync("hi").ToChatResponseAsync();

        whole.Text.ShouldBe(text);
        streamed.Text.ShouldBe(text);
        whole.FinishReason.ShouldBe(ChatFinishReason.Stop);
        streamed.FinishReason.ShouldBe(ChatFinishReason.Stop);
        whole.Messages.ShouldHaveSingleItem().Role.ShouldBe(ChatRole.Assistant);
    }

    [Fact]
    public async Task A_stream_comes_in_several_parts()
    {
        var parts = new List<string>();
        await foreach (var update in Client(Saying("one two three four")).GetStreamingResponseAsync("hi"))
        {
            if (update.Text.Length > 0)
            {
                parts.Add(update.Text);
            }
        }

        parts.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Token_usage_is_reported_once_for_each_answer()
    {
        var client = Client(Saying("one two three"));

        var whole = await client.GetResponseAsync("hi");
        var reported = new List<UsageContent>();
        await foreach (var update in client.GetStreamingResponseAsync("hi"))
        {
            reported.AddRange(update.Contents.OfType<UsageContent>());
        }

        whole.Usage!.InputTokenCount!.Value.ShouldBeGreaterThan(0);
        whole.Usage.OutputTokenCount!.Value.ShouldBeGreaterThan(0);
        reported.ShouldHaveSingleItem().Details.OutputTokenCount!.Value.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parallel_tool_calls_come_complete_and_in_order_and_their_results_lead_to_the_answer(bool streamed)
    {
        var client = Client(CallingTools("Done."));
        var options = new ChatOptions { Tools = [.. Tools] };
        List<ChatMessage> messages = [new(ChatRole.User, "go")];

        var first = await AskAsync(client, messages, options, streamed);
        var calls = first.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
        messages.AddRange(first.Messages);
        messages.AddRange(calls.Select(c => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(c.CallId, """{"value":42}""")])));
        var second = await AskAsync(client, messages, options, streamed);

        first.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        calls.Select(c => c.Name).ShouldBe(["calculator", "time"]);
        calls.Select(c => c.CallId).Distinct().Count().ShouldBe(2);
        calls[0].Arguments!["expression"].ShouldBeOfType<JsonElement>().GetString().ShouldBe("6 * 7");
        JsonDocument.Parse(ToolCallArguments.RawOf(calls[1])).RootElement.GetProperty("place").GetString().ShouldBe("Tokyo");
        second.Text.ShouldBe("Done.");
        second.FinishReason.ShouldBe(ChatFinishReason.Stop);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        var client = Client(Saying("never"));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => client.GetResponseAsync("hi", cancellationToken: cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(() => client.GetStreamingResponseAsync("hi", cancellationToken: cancelled.Token).ToChatResponseAsync());
    }

    [Fact]
    public async Task One_client_serves_many_calls_at_once()
    {
        var client = Client(Saying("the same for all"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(client, [new(ChatRole.User, $"{i}")], new ChatOptions(), i % 2 == 0)));

        answers.ShouldAllBe(a => a.Text == "the same for all");
    }

    [Fact]
    public async Task A_call_after_its_deadline_is_not_made()
    {
        var client = Gateway.GetChatClient(Saying("late"), ModelHost.Call with { Deadline = DateTimeOffset.UnixEpoch });

        var error = await Should.ThrowAsync<ModelException>(() => client.GetResponseAsync("hi"));

        error.Kind.ShouldBe(ModelErrorKind.TimedOut);
    }

    [Fact]
    public async Task A_conversation_without_messages_is_refused()
    {
        var error = await Should.ThrowAsync<ModelException>(() => Client(Saying("?")).GetResponseAsync([]));

        error.Kind.ShouldBe(ModelErrorKind.InvalidRequest);
    }

    public virtual void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    protected ModelGateway Gateway => _host.GetRequiredService<ModelGateway>();

    private IChatClient Client(ModelDefinition definition) => Gateway.GetChatClient(definition, ModelHost.Call);

    private static Task<ChatResponse> AskAsync(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions options, bool streamed) =>
        streamed ? client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : client.GetResponseAsync(messages, options);

    private static JsonElement Schema(string argument) =>
        JsonSerializer.SerializeToElement(new { type = "object", properties = new Dictionary<string, object> { [argument] = new { type = "string" } }, required = new[] { argument } });
}
