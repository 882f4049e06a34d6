using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Conformance.Models;
using Minion.Testing.OpenAi;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Providers.OpenAiCompatible;

/// <summary>A fake endpoint and a gateway with a clock of its own; nothing is tried again unless the test says so.</summary>
public abstract class EndpointFixture : IAsyncLifetime
{
    private readonly int _retries;
    private ServiceProvider? _host;

    protected EndpointFixture(int retries = 0) => _retries = retries;

    protected FakeOpenAi Endpoint { get; private set; } = null!;

    protected ManualTime Time { get; } = new();

    /// <summary>The server's environment.</summary>
    protected Dictionary<string, string?> Variables { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Endpoint = await FakeOpenAi.StartAsync();
        _host = ModelHost.Start(
            new Dictionary<string, string?> { ["Models:MaxRetries"] = $"{_retries}" },
            services => services.AddSingleton<TimeProvider>(Time).AddSingleton(new ProviderServices(Time, name => Variables.GetValueOrDefault(name))));
    }

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        await _host!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected ModelDefinition Model() => new() { Name = "big", Provider = "openai-compatible", Model = "m1", Url = Endpoint.Url };

    protected IChatClient Client(ModelDefinition? definition = null, DateTimeOffset? deadline = null) =>
        _host!.GetRequiredService<ModelGateway>().GetChatClient(definition ?? Model(), ModelHost.Call with { Deadline = deadline });

    /// <summary>Asks; a call that waits on the test's clock while nobody moves it fails instead of hanging.</summary>
    protected Task<ChatResponse> AskAsync(bool streamed, ChatOptions? options = null, ModelDefinition? definition = null)
    {
        var answer = streamed
            ? Client(definition).GetStreamingResponseAsync("hi", options).ToChatResponseAsync()
            : Client(definition).GetResponseAsync("hi", options);
        return answer.WaitAsync(Eventually.Patience);
    }

    protected Task<ModelException> FailAsync(bool streamed, ModelDefinition? definition = null) =>
        Should.ThrowAsync<ModelException>(() => AskAsync(streamed, definition: definition));
}
