using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Minion.Cli.Mcp;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Cli.Tests.Mcp;

public sealed class McpBridgeTests
{
    private static readonly Uri Nobody = new("http://127.0.0.1:1/mcp");

    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_its_input_ends_it_is_done()
    {
        await using var http = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = Nobody, TransportMode = HttpTransportMode.StreamableHttp });
        var server = await http.ConnectAsync(End);
        await using var bridge = new McpBridge(new StandardStreams(Stream.Null, Stream.Null), server, Nobody, TimeProvider.System);

        await Should.NotThrowAsync(bridge.RunAsync(End));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    public async Task What_was_asked_before_the_input_ended_is_answered(string last)
    {
        using var output = new MemoryStream();
        var server = new SlowServer();
        var input = """{"jsonrpc":"2.0","id":1,"method":"ping"}""" + "\n" + """{"jsonrpc":"2.0","id":"b","method":"tools/list"}""" + last;
        await using var bridge = Bridge(input, output, server);

        var run = bridge.RunAsync(End);
        await server.Asked.Task.WaitAsync(TimeSpan.FromSeconds(90), End);
        run.IsCompleted.ShouldBeFalse();
        server.Answer.SetResult();
        await run;

        Lines(output).Select(line => line["id"]!.ToJsonString()).Order().ShouldBe(["\"b\"", "1"]);
    }

    [Fact]
    public async Task A_listener_has_no_answer_to_wait_for()
    {
        using var output = new MemoryStream();
        await using var bridge = Bridge("""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{}}}""", output, new SlowServer());

        await bridge.RunAsync(End);

        output.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("{", -32700, "null")]
    [InlineData("\u0000", -32700, "null")]
    [InlineData("[]", -32600, "null")]
    [InlineData("null", -32600, "null")]
    [InlineData("""{"id":7,"method":"ping"}""", -32600, "7")]
    [InlineData("""{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}""", -32600, "null")]
    public async Task A_line_that_is_no_message_is_answered_and_the_next_one_read(string line, int code, string id)
    {
        using var output = new MemoryStream();
        var server = new SlowServer();
        server.Answer.SetResult();
        await using var bridge = Bridge(line + "\n" + """{"jsonrpc":"2.0","id":"next","method":"ping"}""", output, server);

        await bridge.RunAsync(End);

        var answers = Lines(output);
        answers.Count.ShouldBe(2);
        var refusal = answers.Single(answer => answer["error"] is not null);
        refusal["error"]!["code"]!.GetValue<int>().ShouldBe(code);
        (refusal["id"]?.ToJsonString() ?? "null").ShouldBe(id);
    }

    private static McpBridge Bridge(string input, Stream output, ITransport server) =>
        new(new StandardStreams(new MemoryStream(Encoding.UTF8.GetBytes(input)), output), server, Nobody, TimeProvider.System);

    private static List<JsonNode> Lines(MemoryStream output) =>
        [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    /// <summary>Answers each request when it is let, as the transport over HTTP does: before the sending ends.</summary>
    private sealed class SlowServer : ITransport
    {
        private readonly Channel<JsonRpcMessage> _answers = Channel.CreateUnbounded<JsonRpcMessage>();

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? SessionId => null;

        public ChannelReader<JsonRpcMessage> MessageReader => _answers.Reader;

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            Asked.TrySetResult();
            await Answer.Task.WaitAsync(cancellationToken);
            await _answers.Writer.WriteAsync(new JsonRpcResponse { Id = ((JsonRpcRequest)message).Id, Result = new JsonObject() }, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _answers.Writer.TryComplete();
            return default;
        }
    }
}
