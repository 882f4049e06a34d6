using Microsoft.Extensions.AI;

namespace Minion.Models.OpenAiCompatible;

internal sealed class OpenAiCompatibleProvider : IModelProvider
{
    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition) => [];

    public IChatClient Create(ModelDefinition definition, ProviderServices services) => throw new NotSupportedException();
}
