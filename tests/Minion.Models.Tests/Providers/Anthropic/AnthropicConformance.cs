using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Anthropic;

public sealed class AnthropicConformance() : VendorConformance(new AnthropicWire(), "anthropic")
{
    protected override bool CarriesBrokenArguments(bool streamed) => streamed;
}
