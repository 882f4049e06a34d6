using Minion.Conformance.Models;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Providers.OpenAiCompatible;

public sealed class OpenAiEmbeddingConformance : EmbeddingProviderConformance, IAsyncLifetime
{
    private FakeOpenAi _endpoint = null!;

    protected override ModelDefinition Model => new() { Name = "embedder", Provider = "openai-compatible", Model = "m", Url = _endpoint.Url };

    public async ValueTask InitializeAsync() => _endpoint = await FakeOpenAi.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        Dispose();
    }
}
