using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Anthropic;

/// <summary>Anthropic's Messages API, through its own package (https://platform.claude.com/docs/en/api/messages). It has no embeddings.</summary>
internal sealed class AnthropicProvider : IModelProvider
{
    private static readonly Vendor Vendor = new(ModelProviders.Anthropic, "https://api.anthropic.com", NeedsKey: true, "claude-haiku-4-5");

    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition) => Vendor.Validate(definition);

    public IChatClient Create(ModelDefinition definition, ProviderServices services) =>
        new AnthropicChatClient(Vendor.Complete(definition, services.Variable), services);
}
