using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Mistral;

public sealed class MistralConformance() : VendorConformance(new MistralWire(), "mistral");
