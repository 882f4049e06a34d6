using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers;

/// <summary>One conversation with everything in it, as each vendor's own API wants it.</summary>
public sealed class VendorRequestTests : IDisposable
{
    private static readonly JsonElement Schema = JsonSerializer.SerializeToElement(new { type = "object" });

    private readonly ServiceProvider _host = ModelHost.Start();

    [Fact]
    public async Task Gemini()
    {
        var sent = await SendAsync(new GeminiWire(), "gemini", "gemini-3.5-flash");

        sent.Path.ShouldBe("/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse");
        ShouldBe(sent.Body, """
            {
              "systemInstruction": {"parts":[{"text":"Be brief."}]},
              "contents": [
                {"role":"user","parts":[{"text":"note it"},{"inlineData":{"mimeType":"image/png","data":"AQID"}}]},
                {"role":"model","parts":[
                  {"functionCall":{"id":"call_1","name":"notes_add","args":{"text": 1}},"thoughtSignature":"skip_thought_signature_validator"},
                  {"functionCall":{"id":"call_2","name":"notes_add","args":{"invalid_arguments":"{oops"}}}]},
                {"role":"user","parts":[
                  {"functionResponse":{"id":"call_1","name":"notes_add","response":{"id":1}}},
                  {"functionResponse":{"id":"call_2","name":"notes_add","response":{"result":"Error: no"}}}]}
              ],
              "tools": [{"functionDeclarations":[{"name":"notes_add","description":"Adds a note.","parametersJsonSchema":{"type":"object"}}]}],
              "toolConfig": {"functionCallingConfig":{"mode":"ANY"}},
              "generationConfig": {"temperature":0.5,"topP":0.25,"maxOutputTokens":100,"stopSequences":["END"],"seed":7,
                "responseMimeType":"application/json","responseJsonSchema":{"type":"object"}}
            }
            """);
    }

    [Fact]
    public async Task Ollama() => ShouldBe((await SendAsync(new OllamaWire(), "ollama")).Body, """
        {
          "model": "m", "stream": true, "truncate": false,
          "messages": [
            {"role":"system","content":"Be brief."},
            {"role":"user","content":"note it","images":["AQID"]},
            {"role":"assistant","content":"","tool_calls":[
              {"function":{"name":"notes_add","arguments":{"text": 1}}},
              {"function":{"name":"notes_add","arguments":{"invalid_arguments":"{oops"}}}]},
            {"role":"tool","content":"{\"id\":1}","tool_name":"notes_add"},
            {"role":"tool","content":"Error: no","tool_name":"notes_add"}
          ],
          "tools": [{"type":"function","function":{"name":"notes_add","description":"Adds a note.","parameters":{"type":"object"}}}],
          "format": {"type":"object"},
          "options": {"temperature":0.5,"top_p":0.25,"seed":7,"num_predict":100,"stop":["END"]}
        }
        """);

    [Fact]
    public async Task Mistral() => ShouldBe((await SendAsync(new MistralWire(), "mistral")).Body, """
        {
          "model": "m", "stream": true,
          "messages": [
            {"role":"system","content":"Be brief."},
            {"role":"user","content":[{"type":"text","text":"note it"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]},
            {"role":"assistant","content":null,"tool_calls":[
              {"id":"@1","type":"function","function":{"name":"notes_add","arguments":"{\"text\": 1}"}},
              {"id":"@2","type":"function","function":{"name":"notes_add","arguments":"{\"invalid_arguments\":\"{oops\"}"}}]},
            {"role":"tool","tool_call_id":"@1","content":"{\"id\":1}"},
            {"role":"tool","tool_call_id":"@2","content":"Error: no"}
          ],
          "temperature":0.5,"top_p":0.25,"random_seed":7,"max_tokens":100,"stop":["END"],
          "response_format": {"type":"json_schema","json_schema":{"name":"note","schema":{"type":"object"}}},
          "tools": [{"type":"function","function":{"name":"notes_add","description":"Adds a note.","parameters":{"type":"object"}}}],
          "tool_choice": "any"
        }
        """.Replace("@1", Minion.Models.Providers.Mistral.MistralCallIds.Of("call_1"), StringComparison.Ordinal)
        .Replace("@2", Minion.Models.Providers.Mistral.MistralCallIds.Of("call_2"), StringComparison.Ordinal));

    [Fact]
    public async Task OpenAi()
    {
        var body = (await SendAsync(new OpenAiWire(), "openai")).Body;

        body.GetProperty("max_completion_tokens").GetInt32().ShouldBe(100);
        body.GetProperty("tool_choice").GetString().ShouldBe("required");
        body.GetProperty("logprobs").GetBoolean().ShouldBeTrue();
        body.GetProperty("reasoning_effort").GetString().ShouldBe("low");
    }

    [Fact]
    public async Task Anthropic()
    {
        var body = (await SendAsync(new AnthropicWire(), "anthropic")).Body;

        body.GetProperty("max_tokens").GetInt32().ShouldBe(100);
        body.GetProperty("tool_choice").GetProperty("type").GetString().ShouldBe("any");
        body.GetProperty("messages").GetArrayLength().ShouldBe(3, body.GetRawText());
        body.GetRawText().ShouldNotContain("secret thoughts");
        body.GetProperty("messages")[1].GetProperty("content")[1].GetProperty("input").GetProperty("invalid_arguments").GetString().ShouldBe("{oops");
        body.GetProperty("messages")[2].GetProperty("content")[1].GetProperty("tool_use_id").GetString().ShouldBe("call_2");
    }

    [Theory]
    [InlineData("abcDEF123", "abcDEF123")]
    [InlineData("call_1", null)]
    [InlineData("ünïcödé12", null)]
    public void Mistral_takes_ids_of_nine_letters_and_digits(string id, string? expected)
    {
        var fit = Minion.Models.Providers.Mistral.MistralCallIds.Of(id);

        fit.ShouldMatch("^[a-zA-Z0-9]{9}$");
        fit.ShouldBe(expected ?? Minion.Models.Providers.Mistral.MistralCallIds.Of(id));
    }

    public void Dispose() => _host.Dispose();

    private async Task<VendorRequest> SendAsync(VendorWire wire, string provider, string model = "m")
    {
        await using var vendor = await FakeVendor.StartAsync(wire);
        var client = _host.GetRequiredService<ModelGateway>().GetChatClient(
            new ModelDefinition { Name = "real", Provider = provider, Model = model, Url = vendor.Url }, ModelHost.Call);
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, [new TextContent("note it"), new DataContent(new byte[] { 1, 2, 3 }, "image/png")]),
            new(ChatRole.Assistant, [
                new TextReasoningContent("secret thoughts"),
                ToolCallArguments.ToCall("call_1", "notes_add", """{"text": 1}"""),
                ToolCallArguments.ToCall("call_2", "notes_add", "{oops")]),
            new(ChatRole.Tool, [new FunctionResultContent("call_1", """{"id":1}"""), new FunctionResultContent("call_2", null) { Exception = new InvalidOperationException("no") }]),
        ];
        var options = new ChatOptions
        {
            Temperature = 0.5f,
            TopP = 0.25f,
            MaxOutputTokens = 100,
            Seed = 7,
            StopSequences = ["END"],
            Tools = [AIFunctionFactory.CreateDeclaration("notes_add", "Adds a note.", Schema)],
            ToolMode = ChatToolMode.RequireAny,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "note"),
            AdditionalProperties = new() { ["logprobs"] = true, ["reasoning_effort"] = "low" },
        };
        await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync();
        return vendor.Requests.ShouldHaveSingleItem();
    }

    private static void ShouldBe(JsonElement body, string expected) =>
        JsonElement.DeepEquals(body, JsonDocument.Parse(expected).RootElement).ShouldBeTrue(body.GetRawText());
}
