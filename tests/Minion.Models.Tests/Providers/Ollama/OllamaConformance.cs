using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Ollama;

public sealed class OllamaConformance() : VendorConformance(new OllamaWire(), "ollama")
{
    protected override bool CarriesBrokenArguments(bool streamed) => false;
}
