using System.Text.Json;
using Minion.Tools.Browser;
using Minion.Tools.Sandboxes.Homes;

namespace Minion.Tools.Tests.Execution;

public sealed class ClaimsTests
{
    private static readonly ToolCallOrigin Origin = new(Guid.CreateVersion7(), "clerk", 1, 0) { Session = "s", FromRun = true };

    [Fact]
    public void Files_of_a_sandbox_are_those_of_the_run_that_calls_and_not_of_one_that_somebody_names()
    {
        HomeKey.Of(Call(Origin)).ShouldNotBeNull();
        HomeKey.Of(Call(Origin with { Session = "" })).ShouldNotBeNull();
        HomeKey.Of(Call(Origin with { FromRun = false })).ShouldBeNull();
        HomeKey.Of(Call(Origin with { Session = "", FromRun = false })).ShouldBeNull();
    }

    [Fact]
    public void Pages_of_a_browser_are_those_of_the_run_that_calls_and_not_of_one_that_somebody_names()
    {
        var own = BrowserKey.Of(Call(ToolCallOrigin.Direct));

        BrowserKey.Of(Call(Origin)).ShouldNotBe(own);
        BrowserKey.Of(Call(Origin with { FromRun = false })).ShouldBe(own);
    }

    private static ToolCall Call(ToolCallOrigin origin) => new(JsonElement.Parse("{}"), Callers.Ada, "key", origin);
}
