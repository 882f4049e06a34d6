using Minion.Tools.Browser;

namespace Minion.Tools.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ExtractTests(BrowserFixture browser)
{
    private readonly Guid _run = Guid.CreateVersion7();

    [Fact]
    public async Task Text_links_tables_and_elements_are_read()
    {
        await OpenAsync();

        (await ReadAsync(new { })).GetProperty("text").GetString()!.ShouldContain("Next page");
        (await ReadAsync(new { what = "links" })).GetProperty("links").GetRawText().ShouldBe($$"""[{"text":"Next page","url":"{{browser.Root}}/next"},{"text":"Get the file","url":"{{browser.Root}}/file"}]""");
        (await ReadAsync(new { what = "tables" })).GetProperty("tables").GetRawText().ShouldBe("""[[["Kind","Price"],["Green","3.50"]]]""");
        (await ReadAsync(new { what = "elements", role = "table" })).GetProperty("text").GetString()!.ShouldContain("cell \"Green\"");
        (await ReadAsync(new { role = "heading", name = "Tea" })).GetProperty("text").GetString().ShouldBe("Tea");
    }

    [Fact]
    public async Task What_is_not_there_is_answered_with_what_is()
    {
        await OpenAsync();

        var failure = (await browser.CallAsync(new BrowserExtractTool(browser.Browsers), _run, new { role = "button", name = "Buy" })).Failure();

        failure.Message.ShouldContain("no button 'Buy'");
        failure.Hint.ShouldContain("button \"Order\"");
    }

    [Fact]
    public async Task Without_a_page_there_is_nothing_to_read() =>
        (await browser.CallAsync(new BrowserExtractTool(browser.Browsers), _run, new { })).Failure().Message.ShouldBe("No page is open.");

    private async Task OpenAsync() => (await browser.CallAsync(new BrowserNavigateTool(browser.Browsers, browser.Guard), _run, new { url = browser.Root })).Value();

    private async Task<System.Text.Json.JsonElement> ReadAsync(object arguments) =>
        (await browser.CallAsync(new BrowserExtractTool(browser.Browsers), _run, arguments)).Value();
}
