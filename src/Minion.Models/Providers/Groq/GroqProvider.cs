using Minion.Models.Providers.Http;
using Minion.Models.Providers.OpenAiCompatible;

namespace Minion.Models.Providers.Groq;

/// <summary>Groq (https://console.groq.com/docs/api-reference). It refuses log probabilities, and has no embeddings.</summary>
internal sealed class GroqProvider() : DialectProvider(new Dialect(new Vendor(ModelProviders.Groq, "https://api.groq.com/openai/v1", NeedsKey: true, "llama-3.3-70b-versatile"))
{
    MaxTokens = "max_completion_tokens",
    Extras = ["reasoning_effort", "user", "service_tier"],
    EmbeddingBatch = 0,
    Judge = GroqErrors.Judge,
});
