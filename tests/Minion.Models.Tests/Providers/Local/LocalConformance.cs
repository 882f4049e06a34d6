using Minion.Conformance.Models;

namespace Minion.Models.Tests.Providers.Local;

public sealed class LocalConformance : EmbeddingProviderConformance
{
    protected override ModelDefinition Model => new() { Name = "embedder", Provider = "local" };
}
