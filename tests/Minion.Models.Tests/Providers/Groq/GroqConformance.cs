using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Groq;

public sealed class GroqConformance() : VendorConformance(new GroqWire(), "groq");
