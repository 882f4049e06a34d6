using Minion.Tools.Browser;

namespace Minion.Tools.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class NavigateTests(BrowserFixture browser)
{
    private readonly Guid _run = Guid.CreateVersion7();

    private BrowserNavigateTool Navigate => new(browser.Browsers, browser.Guard);

    [Fact]
    public async Task A_page_is_given_by_roles_and_names()
    {
        var value = (await OpenAsync(browser.Root)).Value();

        value.GetProperty("title").GetString().ShouldBe("Shop");
        value.GetProperty("status").GetInt32().ShouldBe(200);
        var snapshot = value.GetProperty("snapshot").GetString()!;
        snapshot.ShouldContain("heading \"Tea\"");
        snapshot.ShouldContain("link \"Next page\"");
        snapshot.ShouldContain("button \"Order\"");
        snapshot.ShouldContain("textbox \"Amount\"");
    }

    [Fact]
    public async Task A_private_address_is_refused_before_the_browser_is_asked()
    {
        var failure = (await OpenAsync(browser.InsideRoot)).Failure();

        failure.Message.ShouldContain("inside a private network");
    }

    [Fact]
    public async Task A_redirect_inside_is_refused()
    {
        var failure = (await OpenAsync($"{browser.Root}/redirect?to={Uri.EscapeDataString(browser.InsideRoot)}")).Failure();

        failure.Message.ShouldContain("inside a private network");
        BrowserFixture.Reached.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_page_loads_from_inside_is_refused_and_said()
    {
        var value = (await OpenAsync($"{browser.Root}/loads?url={Uri.EscapeDataString(browser.InsideRoot)}")).Value();

        value.GetProperty("notes").GetRawText().ShouldContain("was refused");
        BrowserFixture.Reached.ShouldBe(0);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("chrome://version")]
    [InlineData("view-source:http://example.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    public async Task Only_http_is_opened(string url) => (await OpenAsync(url)).Failure().Message.ShouldContain("only http and https");

    [Fact]
    public async Task Each_run_has_cookies_of_its_own()
    {
        await OpenAsync(browser.Root + "/cookie");
        (await OpenAsync(browser.Root + "/cookie")).Value().GetRawText().ShouldContain("Cookie: yes");

        (await browser.CallAsync(Navigate, Guid.CreateVersion7(), new { url = browser.Root + "/cookie" })).Value().GetRawText().ShouldContain("Cookie: none");
    }

    private Task<ToolOutcome> OpenAsync(string url) => browser.CallAsync(Navigate, _run, new { url });
}
