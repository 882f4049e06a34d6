using System.Text.Json;
using Minion.Models.Tests.Providers.Scripted;

namespace Minion.Models.Tests.Definitions;

public sealed class ModelDefinitionTests
{
    private static readonly ModelDefinition Good = new()
    {
        Name = "big",
        Provider = "openai-compatible",
        Model = "qwen3:8b",
        Url = "http://localhost:11434/v1",
        ApiKeyVariable = "BIG_API_KEY",
        Timeout = TimeSpan.FromSeconds(60),
    };

    public static TheoryData<ModelDefinition, string> Mistakes => new()
    {
        { Good with { Name = "Big Model" }, "name" },
        { Good with { Name = "" }, "name" },
        { Good with { Provider = "opanai" }, "provider" },
        { Good with { Model = " " }, "model" },
        { Good with { Url = null }, "url" },
        { Good with { Url = "localhost:11434" }, "url" },
        { Good with { Url = "ftp://localhost/v1" }, "url" },
        { Good with { Url = "http://me:secret@localhost/v1" }, "url" },
        { Good with { Url = "http://localhost/v1?key=1" }, "url" },
        { Good with { Url = "http://localhost/v1/chat/completions" }, "url" },
        { Good with { ApiKeyVariable = "BIG_KEY" }, "api_key" },
        { Good with { ApiKeyVariable = "big_API_KEY" }, "api_key" },
        { Good with { ApiKeyVariable = "_API_KEY" }, "api_key" },
        { Good with { ApiKeyVariable = "MINION_API_KEY" }, "api_key" },
        { Good with { ApiKeyVariable = "MINION_SIGNING_API_KEY" }, "api_key" },
        { Good with { Timeout = TimeSpan.Zero }, "timeout" },
        { Good with { IdleTimeout = TimeSpan.FromHours(2) }, "idle_timeout" },
        { Good with { Script = JsonSerializer.SerializeToElement(new { otherwise = "x" }) }, "script" },
        { new ModelDefinition { Name = "a", Provider = "scripted" }, "script" },
        { Scripts.Model(new { rules = new[] { new { match = "(", say = "x" } } }), "script.rules[0].match" },
        { Scripts.Model(new { otherwise = "x" }) with { Url = "http://localhost/v1" }, "url" },
        { Scripts.Model(Array.Empty<int>()), "script" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_path(ModelDefinition definition, string path) =>
        definition.Validate().ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void A_good_definition_has_no_mistakes()
    {
        Good.Validate().ShouldBeEmpty();
        (Good with { ApiKeyVariable = "MINION_MODEL_API_KEY" }).Validate().ShouldBeEmpty();
        Scripts.Model(new { otherwise = "x" }).Validate().ShouldBeEmpty();
    }

    [Fact]
    public void All_mistakes_are_reported_at_once() =>
        (Good with { Name = "!", Model = null, Url = "x", ApiKeyVariable = "x", Timeout = TimeSpan.Zero }).Validate().Select(e => e.Path)
            .ShouldBe(["name", "timeout", "model", "url", "api_key"]);

    [Fact]
    public void A_misspelt_provider_is_told_the_nearest() =>
        (Good with { Provider = "openai-compatable" }).Validate()[0].Message.ShouldContain("did you mean 'openai-compatible'?");

    [Fact]
    public void The_stored_form_is_the_same_after_reading_it()
    {
        var scripted = Scripts.Model(new { otherwise = "x" });

        Good.ToJson().ShouldBe("""{"schema":1,"name":"big","provider":"openai-compatible","model":"qwen3:8b","url":"http://localhost:11434/v1","api_key_variable":"BIG_API_KEY","timeout":"00:01:00"}""");
        ModelDefinition.FromJson(Good.ToJson()).ShouldBe(Good);
        ModelDefinition.FromJson(scripted.ToJson()).ToJson().ShouldBe(scripted.ToJson());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"schema":2,"name":"a","provider":"scripted"}""")]
    public void What_is_no_stored_form_is_refused(string json) => Should.Throw<JsonException>(() => ModelDefinition.FromJson(json));
}
