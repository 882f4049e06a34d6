using System.Text.Json;
using Minion.Tools.Browser;

namespace Minion.Tools.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ActTests(BrowserFixture browser) : IAsyncLifetime
{
    private readonly Guid _run = Guid.CreateVersion7();

    public async ValueTask InitializeAsync() =>
        (await browser.CallAsync(new BrowserNavigateTool(browser.Browsers, browser.Guard), _run, new { url = browser.Root })).Value();

    public async ValueTask DisposeAsync() => await browser.Browsers.CloseAsync(new BrowserKey(Callers.Ada.Tenant, $"run {_run:N}"));

    [Fact]
    public async Task A_form_is_filled_in_and_sent()
    {
        await DoAsync(new { action = "fill", role = "textbox", name = "Amount", text = "12" });
        await DoAsync(new { action = "select", role = "combobox", name = "Size", text = "large" });
        await DoAsync(new { action = "check", role = "checkbox", name = "Gift" });

        var page = await DoAsync(new { action = "click", role = "button", name = "Order" });

        var snapshot = page.GetProperty("snapshot").GetString()!;
        snapshot.ShouldContain("Ordered 12");
        snapshot.ShouldContain("checkbox \"Gift\" [checked]");
        snapshot.ShouldContain("option \"large\" [selected]");
    }

    [Fact]
    public async Task A_link_is_followed_and_the_way_back_is_found()
    {
        (await DoAsync(new { action = "click", role = "link", name = "Next page" })).GetProperty("title").GetString().ShouldBe("Next");
        (await DoAsync(new { action = "back" })).GetProperty("title").GetString().ShouldBe("Shop");
        (await DoAsync(new { action = "forward" })).GetProperty("title").GetString().ShouldBe("Next");
    }

    [Fact]
    public async Task A_page_that_opens_becomes_the_current_one_and_is_told()
    {
        var page = await DoAsync(new { action = "click", role = "button", name = "Open" });

        // The new page may come a moment after the click.
        page = await DoAsync(new { action = "wait_for", text = "Second page" });
        page.GetProperty("title").GetString().ShouldBe("Next");
    }

    [Fact]
    public async Task A_dialog_is_dismissed_and_told()
    {
        var page = await DoAsync(new { action = "click", role = "button", name = "Warn" });

        page.GetProperty("notes").GetRawText().ShouldContain("Careful!");
    }

    [Fact]
    public async Task An_ambiguous_name_is_a_question_that_a_number_answers()
    {
        var failure = (await ActAsync(new { action = "click", role = "button", name = "Wait" })).Failure();

        failure.Message.ShouldBe("There are 2 of button 'Wait'.");
        await DoAsync(new { action = "click", role = "button", name = "Wait", nth = 2 });
        await DoAsync(new { action = "click", role = "button", name = "Wait", exact = true });
    }

    [Theory]
    [InlineData("fill", "needs text")]
    [InlineData("press", "needs a key")]
    [InlineData("click", "needs an element")]
    public async Task What_an_action_needs_is_said(string action, string problem) =>
        (await ActAsync(new { action })).Failure().Message.ShouldContain(problem);

    [Fact]
    public async Task A_key_is_pressed_on_the_page()
    {
        await DoAsync(new { action = "fill", role = "textbox", name = "Amount", text = "5" });

        (await DoAsync(new { action = "press", role = "textbox", name = "Amount", key = "Control+A" })).GetProperty("title").GetString().ShouldBe("Shop");
        await DoAsync(new { action = "press", key = "Delete" });

        (await DoAsync(new { action = "click", role = "button", name = "Order" })).GetProperty("snapshot").GetString()!.ShouldNotContain("Ordered 5");
    }

    [Fact]
    public void Every_role_of_the_schema_is_one_that_the_driver_knows()
    {
        using var schema = JsonDocument.Parse($"{{{BrowserSchemas.Target}}}");

        foreach (var role in schema.RootElement.GetProperty("role").GetProperty("enum").EnumerateArray())
        {
            ElementTarget.Read(JsonSerializer.SerializeToElement(new { role = role.GetString() })).Role.ShouldNotBeNull();
        }
    }

    private async Task<JsonElement> DoAsync(object arguments) => (await ActAsync(arguments)).Value();

    private Task<ToolOutcome> ActAsync(object arguments) => browser.CallAsync(new BrowserActTool(browser.Browsers), _run, arguments);
}
