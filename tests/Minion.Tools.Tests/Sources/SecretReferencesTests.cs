using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Sources;

public sealed class SecretReferencesTests
{
    private readonly TenantSecrets _secrets = References().For("default");

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Bearer ${SHOP_API_KEY}", "Bearer k-1")]
    [InlineData("${SHOP_API_KEY}/${SHOP_TOKEN}", "k-1/t$&{x}")]
    [InlineData("$SHOP_API_KEY {SHOP_API_KEY}", "$SHOP_API_KEY {SHOP_API_KEY}")]
    public void References_are_resolved(string text, string resolved) => _secrets.Resolve(text).ShouldBe(resolved);

    [Theory]
    [InlineData("${OTHER_API_KEY}", "'OTHER_API_KEY' is not set")]
    [InlineData("${EMPTY_SECRET}", "'EMPTY_SECRET' is not set")]
    [InlineData("${MINION_API_KEY}", "'MINION_API_KEY', which it must not")]
    [InlineData("${PATH}", "'PATH', which it must not")]
    [InlineData("${}", "'', which it must not")]
    public void What_is_missing_or_not_allowed_is_named(string text, string message) =>
        Should.Throw<ToolSourceException>(() => _secrets.Resolve(text)).Message.ShouldContain(message);

    [Fact]
    public void All_references_in_settings_that_are_not_allowed_are_found()
    {
        var settings = JsonElement.Parse("""{"url":"${HOME}","headers":{"a/b":"${X_TOKEN}"},"args":["x","${SHELL}-${USER}"],"n":1}""");

        _secrets.Check(settings).Select(problem => problem.Path).ShouldBe(["/url", "/args/1", "/args/1"]);
        References().For("acme").Check(settings).Select(problem => problem.Path).ShouldBe(["/url", "/headers/a~1b", "/args/1", "/args/1"]);
    }

    [Theory]
    [InlineData("", "default", "SHOP_TOKEN")]
    [InlineData("acme=ACME_*", "acme", "ACME_TOKEN")]
    [InlineData("acme=MAPS_API_KEY,ACME_TOKEN", "acme", "ACME_TOKEN")]
    [InlineData("acme=ACME_*", "default", "SHOP_TOKEN")]
    [InlineData("acme=ACME_*;default=*", "default", "ACME_TOKEN")]
    public void A_tenant_uses_what_it_is_given(string tenants, string tenant, string name) => References(tenants).For(tenant).Resolve($"${{{name}}}").ShouldNotBeEmpty();

    [Theory]
    [InlineData("", "acme", "SHOP_TOKEN")]
    [InlineData("acme=ACME_*", "acme", "SHOP_TOKEN")]
    [InlineData("acme=ACME_*", "other", "ACME_TOKEN")]
    [InlineData("acme=ACME_*", "default", "ACME_TOKEN")]
    [InlineData("default=MAPS_API_KEY", "default", "SHOP_TOKEN")]
    [InlineData("acme=*", "acme", "MINION_API_KEY")]
    public void A_tenant_uses_nothing_else(string tenants, string tenant, string name) =>
        Should.Throw<ToolSourceException>(() => References(tenants).For(tenant).Resolve($"${{{name}}}")).Message.ShouldContain($"'{name}', which");

    [Fact]
    public void A_refusal_says_what_to_do_and_nothing_of_the_variable()
    {
        string Refusal(string name) => Should.Throw<ToolSourceException>(() => References().For("acme").Resolve($"${{{name}}}")).Message.Replace(name, "X", StringComparison.Ordinal);

        Refusal("SHOP_TOKEN").ShouldContain("Tools:Secrets:Tenants:acme");
        Refusal("SHOP_TOKEN").ShouldBe(Refusal("UNSET_TOKEN"));
    }

    [Fact]
    public void Settings_are_lists_too_and_what_is_wrong_with_them_is_said_at_once()
    {
        Options(("Tools:Secrets:Tenants:acme:0", "ACME_*"), ("Tools:Secrets:Tenants:acme:1", "MAPS_API_KEY")).Tenants["acme"].ShouldBe(["ACME_*", "MAPS_API_KEY"]);

        var problems = string.Join('\n', Options(("Tools:Secrets:Tenants:Acme", "PATH,MINION_*"), ("Tools:Secrets:Tenants:other", "a*")).Problems());
        foreach (var part in new[] { "'Acme'", "'PATH'", "'MINION_*'", "'a*'" })
        {
            problems.ShouldContain(part);
        }
    }

    private static SecretReferences References(string tenants = "") => new(
        name => name switch
        {
            "SHOP_API_KEY" => "k-1",
            "SHOP_TOKEN" => "t$&{x}",
            "ACME_TOKEN" or "MAPS_API_KEY" => "theirs",
            "EMPTY_SECRET" => "",
            "MINION_API_KEY" or "PATH" => "never",
            _ => null,
        },
        Options([.. tenants.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(tenant => tenant.Split('=')).Select(pair => ($"Tools:Secrets:Tenants:{pair[0]}", pair[1]))]));

    private static SecretOptions Options(params (string Key, string Value)[] settings)
    {
        var options = new SecretOptions();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        options.Read(configuration.GetSection(SecretOptions.Section));
        return options;
    }
}
