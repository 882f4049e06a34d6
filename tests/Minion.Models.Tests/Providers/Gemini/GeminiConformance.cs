using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Gemini;

public sealed class GeminiConformance() : VendorConformance(new GeminiWire(), "gemini")
{
    protected override bool CarriesBrokenArguments(bool streamed) => false;
}
