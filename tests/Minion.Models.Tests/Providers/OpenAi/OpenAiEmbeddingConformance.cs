using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.OpenAi;

public sealed class OpenAiEmbeddingConformance() : VendorEmbeddingConformance(new OpenAiWire(), "openai");
