using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Conformance.Models;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Routing;

/// <summary>A gateway and three endpoints: a small, a moderate and an expert model.</summary>
public abstract class RouterFixture : IAsyncLifetime
{
    private ServiceProvider? _host;
    private string _small = "";
    private bool _smallIsDead;

    protected FakeOpenAi Small { get; private set; } = null!;

    protected FakeOpenAi Moderate { get; private set; } = null!;

    protected FakeOpenAi Expert { get; private set; } = null!;

    protected Dictionary<string, string?> Variables { get; } = [];

    protected virtual Dictionary<string, string?> Settings => [];

    protected ModelGateway Gateway => _host!.GetRequiredService<ModelGateway>();

    protected IServiceProvider Host => _host!;

    public async ValueTask InitializeAsync()
    {
        (Small, Moderate, Expert) = (await FakeOpenAi.StartAsync(), await FakeOpenAi.StartAsync(), await FakeOpenAi.StartAsync());
        (Small.Otherwise, Moderate.Otherwise, Expert.Otherwise) = (Replies.Text("small"), Replies.Text("moderate"), Replies.Text("expert"));
        _small = Small.Url;
        _host = ModelHost.Start(
            Settings, services => services.AddSingleton(new ProviderServices(TimeProvider.System, name => Variables.GetValueOrDefault(name))));
    }

    public async ValueTask DisposeAsync()
    {
        await KillSmallAsync();
        await Moderate.DisposeAsync();
        await Expert.DisposeAsync();
        await _host!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the small model's endpoint with all its connections.</summary>
    protected async Task KillSmallAsync()
    {
        if (!_smallIsDead)
        {
            _smallIsDead = true;
            await Small.DisposeAsync();
        }
    }

    protected static ModelDefinition Router(RouteDefinition? route = null) =>
        new() { Name = "smart", Provider = "router", Route = (route ?? new()) with { Candidates = route?.Candidates ?? ["small", "moderate", "expert"] } };

    protected ModelDefinition Model(string name) => new()
    {
        Name = name,
        Provider = "openai-compatible",
        Model = name,
        Url = name switch { "small" => _small, "moderate" => Moderate.Url, _ => Expert.Url },
        Tier = name == "small" ? "local-small" : name,
        Price = new ModelPrice { Input = name.Length, Output = name == "expert" ? 50 : name.Length },
    };

    protected IChatClient Client(ModelDefinition definition, DateTimeOffset? deadline = null) => Gateway.GetChatClient(definition, ModelHost.Call with
    {
        Deadline = deadline,
        FindModel = (name, _) => Task.FromResult(name is "small" or "moderate" or "expert" ? Model(name) : null),
    });

    protected async Task<(ChatResponse Answer, RouteReport? Route)> AskAsync(ModelDefinition definition, string question = "hi", ChatOptions? options = null)
    {
        var updates = await Client(definition).GetStreamingResponseAsync(question, options).ToListAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(90));
        var route = updates.Select(u => u.AdditionalProperties?.GetValueOrDefault(AnswerProperties.Route)).OfType<RouteReport>().SingleOrDefault();
        return (updates.ToChatResponse(), route);
    }
}
