using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Minion.Conformance.Models;
using Minion.Models.Tests.Providers.Scripted;
using Minion.Testing.OpenAi;

namespace Minion.Models.Tests.Definitions;

public sealed class ModelOverrideTests
{
    private static readonly ModelDefinition Declared = Scripts.Model(new { otherwise = "from the script" }) with { Timeout = TimeSpan.FromSeconds(9) };

    [Fact]
    public void Without_the_settings_the_declared_model_is_used() => Read().Apply(Declared).ShouldBeSameAs(Declared);

    [Fact]
    public void The_two_settings_take_the_place_of_the_default_model_only()
    {
        var read = Read(("MINION_MODEL_URL", " http://localhost:11434/v1 "), ("MINION_MODEL", "qwen3:8b"));

        var applied = read.Apply(Declared);

        (applied.Provider, applied.Url, applied.Model, applied.ApiKeyVariable).ShouldBe(("openai-compatible", "http://localhost:11434/v1", "qwen3:8b", null));
        applied.Timeout.ShouldBe(TimeSpan.FromSeconds(9));
        applied.Script.ShouldBeNull();
        read.Apply(Declared with { Name = "other" }).Provider.ShouldBe("scripted");
    }

    [Fact]
    public void The_key_is_named_and_not_kept()
    {
        var read = Read(("MINION_MODEL_URL", "http://localhost/v1"), ("MINION_MODEL", "m"), ("MINION_MODEL_API_KEY", "sk-secret"));

        read.Definition!.ApiKeyVariable.ShouldBe("MINION_MODEL_API_KEY");
        read.Definition.ToJson().ShouldNotContain("sk-secret");
    }

    [Theory]
    [InlineData("http://localhost/v1", "", "MINION_MODEL_URL is set but MINION_MODEL is not.")]
    [InlineData("", "m", "MINION_MODEL is set but MINION_MODEL_URL is not.")]
    [InlineData("localhost", "m", "MINION_MODEL_URL: 'localhost' is not an http or https address, for example http://localhost:11434/v1.")]
    public void A_missing_or_wrong_half_is_named(string url, string model, string message)
    {
        var error = Should.Throw<ModelException>(() => Read(("MINION_MODEL_URL", url), ("MINION_MODEL", model)));

        error.Message.ShouldBe(message);
        error.Kind.ShouldBe(ModelErrorKind.InvalidRequest);
    }

    [Fact]
    public async Task A_host_with_half_of_the_settings_does_not_start()
    {
        await using var host = ModelHost.Start(new Dictionary<string, string?> { ["MINION_MODEL"] = "m" });

        Should.Throw<ModelException>(() => host.GetServices<IHostedService>().ToList()).Message.ShouldContain("MINION_MODEL_URL");
    }

    [Fact]
    public async Task The_gateway_goes_where_the_settings_point()
    {
        await using var endpoint = await FakeOpenAi.StartAsync();
        await using var host = ModelHost.Start(new Dictionary<string, string?> { ["MINION_MODEL_URL"] = endpoint.Url, ["MINION_MODEL"] = "m" });
        foreach (var service in host.GetServices<IHostedService>())
        {
            await service.StartAsync(default);
            await service.StopAsync(default);
        }

        var answer = await host.GetRequiredService<ModelGateway>().GetChatClient(Declared, ModelHost.Call).GetResponseAsync("hi");

        answer.Text.ShouldBe("Hello from the fake endpoint.");
    }

    [Fact]
    public void A_wrong_definition_is_refused_before_any_call()
    {
        using var host = ModelHost.Start();

        var error = Should.Throw<ModelException>(() => host.GetRequiredService<ModelGateway>().GetChatClient(Declared with { Script = null }, ModelHost.Call));

        error.Kind.ShouldBe(ModelErrorKind.InvalidRequest);
        error.Message.ShouldContain("script: is missing");
    }

    private static ModelOverride Read(params (string Name, string Value)[] settings) =>
        ModelOverride.Read(name => settings.FirstOrDefault(s => s.Name == name).Value);
}
