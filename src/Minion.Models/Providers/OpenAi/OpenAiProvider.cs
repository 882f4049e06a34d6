using Minion.Models.Providers.Http;
using Minion.Models.Providers.OpenAiCompatible;

namespace Minion.Models.Providers.OpenAi;

/// <summary>OpenAI's Chat Completions and embeddings (https://platform.openai.com/docs/api-reference).</summary>
internal sealed class OpenAiProvider() : DialectProvider(new Dialect(new Vendor(ModelProviders.OpenAi, "https://api.openai.com/v1", NeedsKey: true, "gpt-5-mini"))
{
    MaxTokens = "max_completion_tokens",
    Base64 = true,
    EmbeddingBatch = 512,
});
