using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Tools.Browser;

namespace Minion.Tools.Tests.Browser;

/// <summary>Pages that want to use up the machine.</summary>
[Collection(BrowserCollection.Name)]
public sealed class BrowserLimitsTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task A_page_that_wants_too_much_memory_is_ended_and_others_are_opened(string controlGroups)
    {
        Assert.SkipWhen(browser.Unavailable.Length > 0, browser.Unavailable);
        Assert.SkipUnless(await BrowserFixture.IsConfinedAsync(), "bubblewrap is not installed, or does not work here.");
        var options = new BrowserOptions { MemoryMb = 640, ControlGroups = controlGroups, Patience = TimeSpan.FromSeconds(60) };
        await using var browsers = new Browsers(Options.Create(options), browser.Guard, TimeProvider.System, NullLogger<Browsers>.Instance);
        var run = Guid.CreateVersion7();
        var outcome = await browser.CallAsync(new BrowserNavigateTool(browsers, browser.Guard), run, new { url = browser.Root + "/hungry" });

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        for (var i = 0; i < 450 && outcome is ToolResult; i++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            outcome = await browser.CallAsync(new BrowserExtractTool(browsers), run, new { });
        }

        outcome.Failure().Message.ShouldContain("closed");
        (await browser.CallAsync(new BrowserNavigateTool(browsers, browser.Guard), Guid.CreateVersion7(), new { url = browser.Root })).Value();
    }
}
