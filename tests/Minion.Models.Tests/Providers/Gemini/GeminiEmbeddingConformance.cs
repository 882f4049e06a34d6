using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Gemini;

public sealed class GeminiEmbeddingConformance() : VendorEmbeddingConformance(new GeminiWire(), "gemini");
