using Minion.Conformance.Models;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Providers.OpenAiCompatible;

public sealed class OpenAiConformance : ChatProviderConformance, IAsyncLifetime
{
    private FakeOpenAi _endpoint = null!;

    public async ValueTask InitializeAsync() => _endpoint = await FakeOpenAi.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        Dispose();
    }

    protected override ModelDefinition Saying(string text)
    {
        _endpoint.Otherwise = Replies.Text(text);
        return Model();
    }

    protected override ModelDefinition CallingTools(string text)
    {
        _endpoint.Otherwise = Replies.Text(text);
        _endpoint.Then(Replies.ToolCalls(
            5, new FakeToolCall("call_a", "calculator", """{"expression":"6 * 7"}"""), new FakeToolCall("call_b", "time", """{"place": "Tokyo"}""")));
        return Model();
    }

    private ModelDefinition Model() => new() { Name = "real", Provider = "openai-compatible", Model = "m", Url = _endpoint.Url };
}
