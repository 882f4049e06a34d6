using Minion.Tools.Browser;

namespace Minion.Tools.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class FileTests(BrowserFixture browser)
{
    private readonly Guid _run = Guid.CreateVersion7();

    [Fact]
    public async Task A_picture_is_put_into_the_workspace()
    {
        await OpenAsync();

        var page = await TakeAsync(new { inline = true });
        var button = await TakeAsync(new { role = "button", name = "Order" });

        page.GetProperty("path").GetString().ShouldBe("screenshots/page.jpg");
        button.GetProperty("path").GetString().ShouldBe("screenshots/page-2.jpg");
        page.GetProperty("data").GetBytesFromBase64()[..2].ShouldBe([0xFF, 0xD8]);
        (await File.ReadAllBytesAsync(PathOf(page), TestContext.Current.CancellationToken)).ShouldBe(page.GetProperty("data").GetBytesFromBase64());
        new FileInfo(PathOf(button)).Length.ShouldBeLessThan(new FileInfo(PathOf(page)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_is_downloaded_by_url_or_by_a_click(bool byUrl)
    {
        await OpenAsync();

        var file = (await DownloadAsync(byUrl ? new { url = browser.Root + "/file" } : new { role = "link", name = "Get the file" })).Value();

        file.GetProperty("path").GetString().ShouldBe("downloads/hello.txt");
        file.GetProperty("text").GetString().ShouldBe("hello, file\n");
        (await File.ReadAllTextAsync(PathOf(file), TestContext.Current.CancellationToken)).ShouldBe("hello, file\n");
        browser.Browsers.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_browser_shows_is_downloaded_too() =>
        (await DownloadAsync(new { url = browser.Root + "/next" })).Value().GetProperty("text").GetString()!.ShouldContain("Second page");

    [Fact]
    public async Task A_download_without_an_end_is_ended_at_the_limit()
    {
        await using var small = browser.Create(new BrowserOptions { DownloadLimit = 100_000, Patience = TimeSpan.FromSeconds(60) });

        var outcome = await browser.CallAsync(new BrowserDownloadTool(small, browser.Workspaces, TimeProvider.System), _run, new { url = browser.Root + "/big" });

        outcome.Failure().Message.ShouldContain("more than 100000 bytes");
    }

    [Fact]
    public async Task A_download_that_nobody_asked_for_is_refused()
    {
        await OpenAsync();
        var notes = (await browser.CallAsync(new BrowserActTool(browser.Browsers), _run, new { action = "click", role = "link", name = "Get the file" }))
            .Value().GetProperty("notes").GetRawText();

        // It begins some time after the click: the notes of a later look have it.
        for (var i = 0; i < 100 && !notes.Contains("hello.txt", StringComparison.Ordinal); i++)
        {
            notes += (await browser.CallAsync(new BrowserActTool(browser.Browsers), _run, new { action = "hover", role = "heading" })).Value().GetProperty("notes").GetRawText();
        }

        notes.ShouldContain("which was refused");
    }

    [Theory]
    [InlineData("../../etc/passwd", "etcpasswd")]
    [InlineData(".bashrc", "bashrc")]
    [InlineData("a b\0c\u202e.txt", "abc.txt")]
    [InlineData("…", "file")]
    public void A_sites_name_for_a_file_leads_nowhere(string name, string safe) => BrowserFiles.SafeName(name).ShouldBe(safe);

    private async Task OpenAsync() => (await browser.CallAsync(new BrowserNavigateTool(browser.Browsers, browser.Guard), _run, new { url = browser.Root })).Value();

    private async Task<System.Text.Json.JsonElement> TakeAsync(object arguments) =>
        (await browser.CallAsync(new BrowserScreenshotTool(browser.Browsers, browser.Workspaces), _run, arguments)).Value();

    private Task<ToolOutcome> DownloadAsync(object arguments) =>
        browser.CallAsync(new BrowserDownloadTool(browser.Browsers, browser.Workspaces, TimeProvider.System), _run, arguments);

    private string PathOf(System.Text.Json.JsonElement result) =>
        Directory.EnumerateFiles(browser.Workspaces.Root, Path.GetFileName(result.GetProperty("path").GetString()!), SearchOption.AllDirectories)
            .Single(path => path.Contains(_run.ToString(), StringComparison.OrdinalIgnoreCase));
}
