using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Conformance.Models;
using Minion.Testing.Vendors;

namespace Minion.Models.Tests.Providers.Http;

public sealed class VendorDefaultsTests : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _variables = [];
    private readonly ServiceProvider _host;

    public VendorDefaultsTests() => _host = ModelHost.Start(
        new Dictionary<string, string?> { ["Models:MaxRetries"] = "0" },
        services => services.AddSingleton(new ProviderServices(TimeProvider.System, name => _variables.GetValueOrDefault(name))));

    public static TheoryData<string, VendorWire> Vendors => new()
    {
        { "openai", new OpenAiWire() }, { "anthropic", new AnthropicWire() }, { "gemini", new GeminiWire() },
        { "groq", new GroqWire() }, { "mistral", new MistralWire() }, { "ollama", new OllamaWire() },
    };

    [Theory]
    [MemberData(nameof(Vendors), DisableDiscoveryEnumeration = true)]
    public async Task The_servers_environment_says_where_a_provider_is_and_gives_its_key(string provider, VendorWire wire)
    {
        await using var vendor = await FakeVendor.StartAsync(wire);
        vendor.Key = "sk-right";
        _variables[$"{provider.ToUpperInvariant()}_BASE_URL"] = vendor.Url;
        _variables[$"{provider.ToUpperInvariant()}_API_KEY"] = "sk-right";

        var answer = await Client(new() { Name = "m", Provider = provider, Model = "m" }).GetResponseAsync("hi");

        answer.Text.ShouldBe("Hello from the fake vendor.");
    }

    [Theory]
    [MemberData(nameof(Vendors), DisableDiscoveryEnumeration = true)]
    public async Task A_model_with_its_own_url_is_not_sent_the_providers_key(string provider, VendorWire wire)
    {
        await using var vendor = await FakeVendor.StartAsync(wire);
        _variables[$"{provider.ToUpperInvariant()}_API_KEY"] = "sk-secret";

        await Client(new() { Name = "m", Provider = provider, Model = "m", Url = vendor.Url }).GetResponseAsync("hi");

        string.Join(' ', vendor.Requests[^1].Headers.Values).ShouldNotContain("sk-secret");
    }

    [Fact]
    public async Task A_missing_key_is_named_before_anything_is_sent()
    {
        var error = await Should.ThrowAsync<ModelException>(() => Client(new() { Name = "m", Provider = "groq", Model = "m" }).GetResponseAsync("hi"));

        error.Kind.ShouldBe(ModelErrorKind.BadKey);
        error.Message.ShouldContain("GROQ_API_KEY");
    }

    [Fact]
    public async Task A_wrong_base_address_in_the_environment_is_named()
    {
        _variables["MISTRAL_BASE_URL"] = "not an address";

        var error = await Should.ThrowAsync<ModelException>(() => Client(new() { Name = "m", Provider = "mistral", Model = "m" }).GetResponseAsync("hi"));

        error.Message.ShouldContain("MISTRAL_BASE_URL");
    }

    [Theory]
    [InlineData("http://localhost:11434/v1")]
    [InlineData("http://localhost:11434/api/")]
    public void Ollamas_address_is_without_a_path(string url) =>
        new ModelDefinition { Name = "m", Provider = "ollama", Model = "m", Url = url }.Validate().ShouldHaveSingleItem().Path.ShouldBe("url");

    [Fact]
    public void Every_provider_stands_in_the_table_and_in_its_folder()
    {
        ModelProviders.Names.ShouldBe(["anthropic", "gemini", "groq", "local", "mistral", "ollama", "openai", "openai-compatible", "router", "scripted"]);
        CatalogProviders.Names.ShouldBeSubsetOf(ModelProviders.Names);
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private IChatClient Client(ModelDefinition definition) => _host.GetRequiredService<ModelGateway>().GetChatClient(definition, ModelHost.Call);
}
