using System.Text.Json;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Sources;

public sealed class SecretReferencesTests
{
    private readonly SecretReferences _secrets = new(name => name switch
    {
        "SHOP_API_KEY" => "k-1",
        "SHOP_TOKEN" => "t$&{x}",
        "EMPTY_SECRET" => "",
        "MINION_API_KEY" or "PATH" => "never",
        _ => null,
    });

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Bearer ${SHOP_API_KEY}", "Bearer k-1")]
    [InlineData("${SHOP_API_KEY}/${SHOP_TOKEN}", "k-1/t$&{x}")]
    [InlineData("$SHOP_API_KEY {SHOP_API_KEY}", "$SHOP_API_KEY {SHOP_API_KEY}")]
    public void References_are_resolved(string text, string resolved) => _secrets.Resolve(text).ShouldBe(resolved);

    [Theory]
    [InlineData("${OTHER_API_KEY}", "'OTHER_API_KEY' is not set")]
    [InlineData("${EMPTY_SECRET}", "'EMPTY_SECRET' is not set")]
    [InlineData("${MINION_API_KEY}", "'MINION_API_KEY' cannot be referred to")]
    [InlineData("${PATH}", "'PATH' cannot be referred to")]
    [InlineData("${}", "'' cannot be referred to")]
    public void What_is_missing_or_not_allowed_is_named(string text, string message) =>
        Should.Throw<ToolSourceException>(() => _secrets.Resolve(text)).Message.ShouldContain(message);

    [Fact]
    public void All_references_in_settings_that_are_not_allowed_are_found()
    {
        var settings = JsonElement.Parse("""{"url":"${HOME}","headers":{"a/b":"${X_TOKEN}"},"args":["x","${SHELL}-${USER}"],"n":1}""");

        SecretReferences.Check(settings).Select(problem => problem.Path).ShouldBe(["/url", "/args/1", "/args/1"]);
    }
}
