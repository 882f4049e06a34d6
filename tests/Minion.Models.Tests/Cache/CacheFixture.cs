using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Minion.Contracts.Callers;
using Minion.Models.Cache;
using Minion.Models.Pipeline;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Cache;

/// <summary>A cache in front of an upstream, with a clock of its own.</summary>
public abstract class CacheFixture : IDisposable
{
    private readonly CacheTelemetry _telemetry = new();

    private protected ManualTime Time { get; } = new();

    private protected Upstream Upstream { get; } = new();

    private protected CacheOptions Options { get; } = new();

    private protected IReadOnlyList<string> Counted => _telemetry.Counted;

    public void Dispose()
    {
        _telemetry.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ResponseCache Cache(ICacheStore? shared = null, IQuestionEmbedder? embedder = null)
    {
        var answers = new SharedAnswers(shared, Options, Time, NullLogger.Instance);
        var lookup = new CacheLookup(new MemoryStore(Options, Time), answers, embedder ?? new LocalQuestions(), Options, Time, NullLogger.Instance);
        return new ResponseCache(lookup, new CacheMeter(_telemetry.Telemetry), model => model.Price, Time);
    }

    private protected static ModelDefinition Model(CachePolicy? policy = null) =>
        new() { Name = "big", Provider = "openai-compatible", Model = "m1", Url = "http://localhost:1", Cache = policy ?? new CachePolicy { Mode = CacheMode.Exact } };

    private protected static ModelCall By(string tenant = "default", string? agent = "helper", string principal = "user:ada") =>
        new(new Caller(tenant, principal, ["*"]), agent);

    private protected static ChatRequest Request(
        string question = "What is Minion?", ModelDefinition? model = null, ChatOptions? options = null, ModelCall? call = null, bool streamed = true) =>
        new([new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, question)], options, streamed, model ?? Model(), call ?? By(), DateTimeOffset.MaxValue);

    private protected async Task<ChatResponse> AskAsync(ResponseCache cache, ChatRequest request, CancellationToken cancellationToken = default) =>
        await cache.InvokeAsync(request, Upstream.InvokeAsync, cancellationToken).ToChatResponseAsync(cancellationToken).WaitAsync(Eventually.Patience, cancellationToken);

    private protected static CacheHit? HitOf(ChatResponse response) => response.AdditionalProperties?.GetValueOrDefault(AnswerProperties.Cache) as CacheHit;
}
