using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Minion.Tools.Browser;

/// <summary>Which element of a page is meant: by role and accessible name, as people and assistive technology know it.</summary>
internal sealed partial record ElementTarget(AriaRole? Role, string Name, bool Exact, int? Nth, string Selector)
{
    private const int MostListed = 15;

    /// <summary>No element is named: the page as a whole.</summary>
    public bool IsPage => this is { Role: null, Name.Length: 0, Selector.Length: 0 };

    public static ElementTarget Read(JsonElement arguments) => new(
        arguments.TryGetProperty("role", out var role) ? Enum.Parse<AriaRole>(role.GetString()!, ignoreCase: true) : null,
        arguments.TryGetProperty("name", out var name) ? name.GetString()! : "",
        arguments.TryGetProperty("exact", out var exact) && exact.GetBoolean(),
        arguments.TryGetProperty("nth", out var nth) ? (int)nth.GetDouble() : null,
        arguments.TryGetProperty("selector", out var selector) ? selector.GetString()! : "");

    /// <summary>The one element that is meant; null when there is none, or more than one.</summary>
    public async Task<ILocator?> FindAsync(IPage page)
    {
        var all = Locate(page);
        if (all is null)
        {
            return page.Locator("body");
        }

        try
        {
            // Pages that build themselves by script are given a moment.
            await all.First.WaitForAsync(new() { State = WaitForSelectorState.Attached, Timeout = 5_000 });
        }
        catch (TimeoutException)
        {
            return null;
        }

        var count = await all.CountAsync();
        return Nth is { } nth ? (nth <= count ? all.Nth(nth - 1) : null) : count == 1 ? all : null;
    }

    /// <summary>Says which there are instead.</summary>
    public async Task<ToolFailure> NotFoundAsync(IPage page)
    {
        var count = await Locate(page)!.CountAsync();
        if (count > 0)
        {
            return ToolOutcome.Failed(
                Nth is { } nth ? $"There is no {nth}. {this}: there are {count}." : $"There are {count} of {this}.",
                "Say which one: a longer or exact name, or nth counting from 1.");
        }

        var snapshot = await page.Locator("html").AriaSnapshotAsync();
        var there = Lines().EnumerateMatches(snapshot).GetEnumerator();
        var names = new List<string>();
        while (names.Count < MostListed && there.MoveNext())
        {
            var line = snapshot.AsSpan(there.Current.Index, there.Current.Length).Trim(" \n-:").ToString();
            if (Role is not { } role || line.StartsWith(role.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                names.Add(line);
            }
        }

        return ToolOutcome.Failed(
            $"The page has no {this}.", names.Count > 0 ? $"There are: {string.Join("; ", names)}." : "Look at the page with browser_extract and what: elements.");
    }

    public override string ToString() =>
        Selector.Length > 0 ? $"element '{Selector}'" : $"{Role?.ToString().ToLowerInvariant() ?? "element"}{(Name.Length > 0 ? $" '{Name}'" : "")}";

    private ILocator? Locate(IPage page) => this switch
    {
        { Selector.Length: > 0 } => page.Locator("css=" + Selector),
        { Role: { } role, Name.Length: > 0 } => page.GetByRole(role, new() { Name = Name, Exact = Exact }),
        { Role: { } role } => page.GetByRole(role),
        { Name.Length: > 0 } => page.GetByLabel(Name, new() { Exact = Exact }).Or(page.GetByText(Name, new() { Exact = Exact })),
        _ => null,
    };

    [GeneratedRegex(@"^ *- [a-z]+ ""[^\n]*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Lines();
}
