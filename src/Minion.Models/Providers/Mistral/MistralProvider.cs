using Minion.Models.Providers.Http;
using Minion.Models.Providers.OpenAiCompatible;

namespace Minion.Models.Providers.Mistral;

/// <summary>
/// Mistral (https://docs.mistral.ai/api). It refuses members that it does not know, counts the tokens of a stream unasked, and has names of
/// its own for the seed, for the tool choice that makes the model call some tool, and for the size of an embedding.
/// </summary>
internal sealed class MistralProvider() : DialectProvider(new Dialect(new Vendor(ModelProviders.Mistral, "https://api.mistral.ai/v1", NeedsKey: true, "mistral-large-2512"))
{
    Seed = "random_seed",
    AnyTool = "any",
    StreamOptions = false,
    Extras = [],
    Dimensions = "output_dimension",
    EmbeddingBatch = 64,
    CallId = MistralCallIds.Of,
    Judge = MistralErrors.Judge,
});
