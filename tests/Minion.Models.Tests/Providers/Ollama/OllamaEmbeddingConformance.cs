using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Ollama;

public sealed class OllamaEmbeddingConformance() : VendorEmbeddingConformance(new OllamaWire(), "ollama");
