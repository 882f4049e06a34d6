using Microsoft.Playwright;
using Minion.Tools.Browser;

namespace Minion.Tools.Tests.Browser;

/// <summary>One test after the other: they look at what is open.</summary>
[Collection(BrowserCollection.Name)]
public sealed class BrowsersTests(BrowserFixture browser)
{
    private readonly BrowserNavigateTool _navigate = new(browser.Browsers, browser.Guard);

    [Fact]
    public async Task The_browser_is_held_in_by_sandboxes_and_is_not_root()
    {
        await OpenAsync(Guid.CreateVersion7());
        using var hold = await browser.Browsers.HoldAsync(new BrowserKey("t", "r"), open: true, TestContext.Current.CancellationToken);
        var page = await hold!.Session.PageAsync();

        await page.GotoAsync("chrome://sandbox");
        (await page.InnerTextAsync("body")).ShouldContain("You are adequately sandboxed.");

        if (await BrowserFixture.IsConfinedAsync())
        {
            await page.GotoAsync("file:///");
            (await page.InnerTextAsync("body")).ShouldNotContain("root/");
            await Should.ThrowAsync<PlaywrightException>(page.GotoAsync("file:///etc/passwd"));
            await Should.ThrowAsync<PlaywrightException>(page.GotoAsync("file://" + typeof(BrowsersTests).Assembly.Location));
        }
    }

    [Fact]
    public async Task A_page_that_hangs_is_closed_and_the_browser_goes_on()
    {
        var run = Guid.CreateVersion7();
        await using var hasty = browser.Create(new BrowserOptions { Patience = TimeSpan.FromSeconds(2) });

        var failure = await browser.CallAsync(new BrowserNavigateTool(hasty, browser.Guard), run, new { url = browser.Root + "/busy" }) is ToolFailure first
            ? first
            : (await browser.CallAsync(new BrowserExtractTool(hasty), run, new { })).Failure();

        failure.Message.ShouldContain("does not answer");
        hasty.IsRunning.ShouldBeTrue();
        (await browser.CallAsync(new BrowserExtractTool(hasty), run, new { })).Failure().Message.ShouldBe("No page is open.");
    }

    [Fact]
    public async Task One_run_more_than_there_are_contexts_closes_what_has_been_idle_longest()
    {
        var first = Guid.CreateVersion7();
        await OpenAsync(first);
        for (var i = 0; i < browser.Browsers.Options.Contexts; i++)
        {
            browser.Time.Advance(TimeSpan.FromSeconds(1));
            await OpenAsync(Guid.CreateVersion7());
        }

        browser.Browsers.Open.ShouldBe(browser.Browsers.Options.Contexts);
        (await browser.CallAsync(new BrowserExtractTool(browser.Browsers), first, new { })).Failure().Message.ShouldBe("No page is open.");
    }

    [Fact]
    public async Task What_is_idle_is_closed_and_the_browser_ends_and_starts_again()
    {
        var run = Guid.CreateVersion7();
        await OpenAsync(run);
        browser.Browsers.IsRunning.ShouldBeTrue();

        browser.Time.Advance(browser.Browsers.Options.IdleTimeout);
        await browser.Browsers.ReclaimAsync();

        browser.Browsers.Open.ShouldBe(0);
        browser.Browsers.IsRunning.ShouldBeFalse();
        await OpenAsync(run);
    }

    [Fact]
    public async Task Pages_are_closed_when_asked()
    {
        var run = Guid.CreateVersion7();
        await OpenAsync(run);

        (await browser.CallAsync(new BrowserCloseTool(browser.Browsers), run, new { })).Value().GetProperty("closed").GetBoolean().ShouldBeTrue();
        (await browser.CallAsync(new BrowserCloseTool(browser.Browsers), run, new { })).Value().GetProperty("closed").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_browser_that_is_not_there_is_a_failure_that_says_what_to_install()
    {
        await using var none = browser.Create(new BrowserOptions { Executable = "/nowhere/chromium" });

        var failure = (await browser.CallAsync(new BrowserNavigateTool(none, browser.Guard), Guid.CreateVersion7(), new { url = browser.Root })).Failure();

        failure.Message.ShouldContain("Tools:Browser:Executable");
    }

    private async Task OpenAsync(Guid run) => (await browser.CallAsync(_navigate, run, new { url = browser.Root })).Value();
}
