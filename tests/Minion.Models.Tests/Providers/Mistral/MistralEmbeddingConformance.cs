using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Mistral;

public sealed class MistralEmbeddingConformance() : VendorEmbeddingConformance(new MistralWire(), "mistral");
