using Minion.Models;
using Minion.Testing.OpenAi;
using Minion.Testing.Vendors;

namespace Minion.Conformance.Models;

/// <summary>What every provider of embeddings across a network keeps.</summary>
public abstract class VendorEmbeddingConformance(VendorWire wire, string provider) : EmbeddingProviderConformance, IAsyncLifetime
{
    private FakeVendor _vendor = null!;

    protected override ModelDefinition Model => new() { Name = "embedder", Provider = provider, Model = "m", Url = _vendor.Url };

    public async ValueTask InitializeAsync() => _vendor = await FakeVendor.StartAsync(wire);

    public async ValueTask DisposeAsync()
    {
        await _vendor.DisposeAsync();
        Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Vectors_are_those_that_the_endpoint_gave() =>
        (await GenerateAsync("abc")).Single().Vector.ToArray().ShouldBe(FakeVector.Of("abc"));

    [Fact]
    public async Task A_failed_attempt_is_made_again()
    {
        _vendor.Then(VendorTurns.Fail(VendorError.Overloaded, retryAfterSeconds: 0));

        (await GenerateAsync("abc")).Count.ShouldBe(1);
        _vendor.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(VendorError.BadKey, ModelErrorKind.BadKey)]
    [InlineData(VendorError.UnknownModel, ModelErrorKind.UnknownModel)]
    public async Task Each_documented_error_becomes_its_kind(VendorError error, ModelErrorKind kind)
    {
        _vendor.Then(VendorTurns.Fail(error));

        (await Should.ThrowAsync<ModelException>(() => GenerateAsync("abc"))).Kind.ShouldBe(kind);
    }
}
