using Microsoft.Extensions.AI;

namespace Minion.Models.Scripted;

internal sealed class ScriptedProvider : IModelProvider
{
    public IEnumerable<(string Path, string Message)> Validate(ModelDefinition definition) => [];

    public IChatClient Create(ModelDefinition definition, ProviderServices services) => throw new NotSupportedException();
}
