using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Any endpoint that speaks OpenAI's chat completions.</summary>
internal sealed class OpenAiCompatibleProvider() : DialectProvider(Usual)
{
    private static readonly Dialect Usual = new(new Vendor(ModelProviders.OpenAiCompatible, DefaultUrl: null, NeedsKey: false, "qwen3:8b"));

    // OpenAI's newer models refuse the old name, most other endpoints know no other.
    private static readonly Dialect AtOpenAi = Usual with { MaxTokens = "max_completion_tokens" };

    protected override Dialect Of(ModelDefinition definition) =>
        new Uri(definition.Url!).Host.EndsWith("openai.com", StringComparison.OrdinalIgnoreCase) ? AtOpenAi : Usual;
}
