using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Testing.Time;
using Minion.Tools.Browser;
using Minion.Tools.BuiltIn.Files;
using Minion.Tools.Network;
using Minion.Tools.Schemas;

namespace Minion.Tools.Tests.Browser;

/// <summary>A browser, and two sites on this machine: one that it may reach, one that it may not.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly WebApplication _site = Site();
    private readonly WebApplication _inside = Inside();

    /// <summary>What this machine lacks for a browser; empty when it lacks nothing.</summary>
    public string Unavailable { get; private set; } = "";

    /// <summary>The clock by which the browser counts idle time; it stands still unless a test moves it.</summary>
    internal ManualTime Time { get; } = new();

    internal Browsers Browsers { get; private set; } = null!;

    internal AddressGuard Guard { get; private set; } = null!;

    public string Root { get; private set; } = "";

    public string InsideRoot { get; private set; } = "";

    /// <summary>Requests that reached the site that must not be reached.</summary>
    public static int Reached { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await _site.StartAsync();
        await _inside.StartAsync();
        Root = _site.Urls.First();
        InsideRoot = _inside.Urls.First();
        Guard = new AddressGuard(new NetworkOptions { Allow = { new Uri(Root).Authority } });
        Browsers = Create(new BrowserOptions { Contexts = 3, Patience = TimeSpan.FromSeconds(60) });
        Unavailable = await WhyNotAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Browsers.DisposeAsync();
        await _site.DisposeAsync();
        await _inside.DisposeAsync();
        Directory.Delete(Workspaces.Root, recursive: true);
    }

    /// <summary>Where the tools keep files; a folder of the fixture's own.</summary>
    internal Workspaces Workspaces { get; } = new(
        Options.Create(new FileToolOptions { Root = Directory.CreateTempSubdirectory("minion-browser-files-").FullName }), new ConfigurationBuilder().Build());

    internal Browsers Create(BrowserOptions options) => new(Options.Create(options), Guard, Time, NullLogger<Browsers>.Instance);

    /// <summary>Calls a tool for a run; skips the test where there is no browser.</summary>
    internal async Task<ToolOutcome> CallAsync(ITool tool, Guid run, object arguments)
    {
        Assert.SkipWhen(Unavailable.Length > 0, Unavailable);
        var element = JsonSerializer.SerializeToElement(arguments);
        JsonSchema.Parse(tool.Description.InputSchema).Validate(element).ShouldBeEmpty();
        var outcome = await tool.InvokeAsync(
            new ToolCall(element, Callers.Ada, "key", new ToolCallOrigin(run, "agent", 1, 0) { FromRun = true }), TestContext.Current.CancellationToken);
        if (outcome is ToolResult result)
        {
            JsonSchema.Parse(tool.Description.OutputSchema).Validate(result.Value).ShouldBeEmpty();
        }

        return outcome;
    }

    /// <summary>What this machine lacks for a browser; empty when it lacks nothing.</summary>
    private static async Task<string> WhyNotAsync()
    {
        if (Chromium.OnPath("chromium") is null && Chromium.OnPath("google-chrome") is null)
        {
            return "There is no Chromium on PATH (on Debian: apt-get install chromium).";
        }

        return Environment.IsPrivilegedProcess && !await IsConfinedAsync()
            ? "As root, the browser needs bubblewrap, which is not installed (on Debian: apt-get install bubblewrap) or does not work here."
            : "";
    }

    /// <summary>Whether bubblewrap is there and works.</summary>
    internal static async Task<bool> IsConfinedAsync() =>
        Chromium.OnPath("bwrap") is { } bubblewrap && await BrowserWrapper.WorksAsync(bubblewrap, CancellationToken.None);

    private static WebApplication Site()
    {
        var app = Create();
        app.MapGet("/", () => Html(
            """
            <title>Shop</title><h1>Tea</h1><a href="/next">Next page</a>
            <label>Amount <input id="amount" value="1"></label>
            <label>Size <select><option>small</option><option>large</option></select></label>
            <label><input type="checkbox"> Gift</label>
            <button onclick="document.getElementById('out').textContent = 'Ordered ' + document.getElementById('amount').value">Order</button>
            <button>Wait</button><button>Wait longer</button>
            <button onclick="alert('Careful!')">Warn</button>
            <button onclick="window.open('/next')">Open</button>
            <a href="/file">Get the file</a>
            <p id="out" role="status"></p>
            <table><tr><th>Kind</th><th>Price</th></tr><tr><td>Green</td><td>3.50</td></tr></table>
            """));
        app.MapGet("/next", () => Html("<title>Next</title><h1>Second page</h1>"));
        app.MapGet("/cookie", (HttpContext http) =>
        {
            http.Response.Cookies.Append("seen", "yes");
            return Html($"<p>Cookie: {http.Request.Cookies["seen"] ?? "none"}</p>");
        });
        app.MapGet("/redirect", (string to) => Results.Redirect(to));
        app.MapGet("/loads", (string url) => Html($"<p>Loads</p><img src='{url}'><iframe src='{url}'></iframe><script>fetch('{url}').catch(() => 0)</script>"));
        app.MapGet("/busy", () => Html("<title>Busy</title><p>Busy</p><script>setTimeout(() => { for (;;); }, 50)</script>"));
        app.MapGet("/hungry", () => Html(
            "<title>Hungry</title><p>Hungry</p><script>const kept = []; setInterval(() => { kept.push(new Uint8Array(32 << 20).fill(1)); }, 10)</script>"));
        app.MapGet("/file", () => Results.File("hello, file\n"u8.ToArray(), "text/plain", "hello.txt"));
        app.MapGet("/big", async (HttpContext http) =>
        {
            http.Response.ContentType = "application/octet-stream";
            http.Response.Headers.ContentDisposition = "attachment; filename=big.bin";
            var chunk = new byte[64 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
            }
        });
        return app;
    }

    private static WebApplication Inside()
    {
        var app = Create();
        app.Run(http =>
        {
            Reached++;
            return http.Response.WriteAsync("<title>Secret</title>secret");
        });
        return app;
    }

    private static WebApplication Create()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static IResult Html(string body) => Results.Content("<!doctype html><html>" + body, "text/html; charset=utf-8");
}
