using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Cache;

namespace Minion.Models.Tests.Cache;

#pragma warning disable MEAI001 // Experimental members are looked at too.
public sealed class CanonicalRequestTests : CacheFixture
{
    private static readonly Dictionary<string, object> Values = new()
    {
        [nameof(ChatOptions.ModelId)] = "other",
        [nameof(ChatOptions.Instructions)] = "other",
        [nameof(ChatOptions.Temperature)] = 0.1f,
        [nameof(ChatOptions.TopP)] = 0.1f,
        [nameof(ChatOptions.TopK)] = 3,
        [nameof(ChatOptions.MaxOutputTokens)] = 3,
        [nameof(ChatOptions.FrequencyPenalty)] = 0.1f,
        [nameof(ChatOptions.PresencePenalty)] = 0.1f,
        [nameof(ChatOptions.Seed)] = 3L,
        [nameof(ChatOptions.Reasoning)] = new ReasoningOptions { Effort = ReasoningEffort.High },
        [nameof(ChatOptions.ResponseFormat)] = ChatResponseFormat.Json,
        [nameof(ChatOptions.StopSequences)] = new List<string> { "x" },
        [nameof(ChatOptions.AllowMultipleToolCalls)] = true,
        [nameof(ChatOptions.ToolMode)] = ChatToolMode.RequireAny,
        [nameof(ChatOptions.Tools)] = new List<AITool> { AIFunctionFactory.CreateDeclaration("t", "d", default) },
        [nameof(ChatOptions.AdditionalProperties)] = new AdditionalPropertiesDictionary { ["x"] = 1 },
    };

    public static TheoryData<string> Properties => [.. typeof(ChatOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void Every_option_changes_the_key_or_keeps_the_request_from_the_cache(string property)
    {
        var options = new ChatOptions();
        var info = typeof(ChatOptions).GetProperty(property)!;
        if (Values.TryGetValue(property, out var value))
        {
            info.SetValue(options, value);
            Key(options).ShouldNotBe(Key(new ChatOptions()));
            return;
        }

        info.SetValue(options, property switch
        {
            nameof(ChatOptions.ConversationId) => "x",
            nameof(ChatOptions.RawRepresentationFactory) => new Func<IChatClient, object?>(_ => null),
            nameof(ChatOptions.AllowBackgroundResponses) => true,
            nameof(ChatOptions.ContinuationToken) => ResponseContinuationToken.FromBytes(new byte[] { 1 }),
            _ => throw new InvalidOperationException($"'{property}' is new: say in CanonicalOptions what it does to the answer."),
        });
        Should.Throw<NotCacheableException>(() => Key(options));
    }

    [Fact]
    public void What_means_the_same_has_the_same_key()
    {
        AIFunctionDeclaration Tool(string name, string schema) => AIFunctionFactory.CreateDeclaration(name, "d", JsonDocument.Parse(schema).RootElement);
        var a = new ChatOptions { Tools = [Tool("a", """{"type":"object","x":1}"""), Tool("b", "{}")], AdditionalProperties = new() { ["p"] = 1, ["q"] = "2" } };
        var b = new ChatOptions { Tools = [Tool("b", "{}"), Tool("a", """{ "x": 1, "type": "object" }""")], AdditionalProperties = new() { ["q"] = "2", ["p"] = 1 } };

        Key(a).ShouldBe(Key(b));
        Key(null, " What is\r\nthis? ").ShouldBe(Key(null, "What is\nthis?"));
        CanonicalRequest.Key(Request(streamed: true), new CachePolicy()).ShouldBe(CanonicalRequest.Key(Request(streamed: false), new CachePolicy()));
        CanonicalRequest.Key(Request(model: Model() with { Timeout = TimeSpan.FromSeconds(3), Cache = null }), new CachePolicy())
            .ShouldBe(CanonicalRequest.Key(Request(), new CachePolicy()));
    }

    [Fact]
    public void Within_one_scope_only_the_questions_differ()
    {
        var one = CanonicalRequest.Key(Request("one"), new CachePolicy());
        var two = CanonicalRequest.Key(Request("two"), new CachePolicy());
        var other = CanonicalRequest.Key(Request("one", call: By("other")), new CachePolicy());

        one.Scope.ShouldBe(two.Scope);
        one.Exact.ShouldNotBe(two.Exact);
        other.Scope.ShouldNotBe(one.Scope);
    }

    [Fact]
    public void Images_are_part_of_the_key()
    {
        string Of(byte[] image) => CanonicalRequest.Key(
            Request() with { Messages = [new ChatMessage(ChatRole.User, [new TextContent("What is it?"), new DataContent(image, "image/png")])] }, new CachePolicy()).Exact;

        Of([1]).ShouldBe(Of([1]));
        Of([1]).ShouldNotBe(Of([2]));
    }

    private static string Key(ChatOptions? options, string question = "What is Minion?") => CanonicalRequest.Key(Request(question, options: options), new CachePolicy()).Exact;
}
