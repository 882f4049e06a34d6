using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Tools.BuiltIn;
using Minion.Tools.BuiltIn.Http;
using Minion.Tools.Network;

namespace Minion.Tools.Tests.BuiltIn;

public sealed class HttpFetchTests : IAsyncLifetime
{
    private const int Limit = 64 * 1024;

    private readonly WebApplication _server = Server();
    private readonly SafeHttpClient _client = new(new AddressGuard(new NetworkOptions { Allow = { "127.0.0.1" } }));
    private string _root = "";

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _root = _server.Urls.First();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_page_comes_as_readable_text_with_its_title()
    {
        var value = (await FetchAsync("/moved")).Value();

        value.GetRawText().ShouldBe(
            $$"""{"url":"{{_root}}/page","status":200,"content_type":"text/html; charset=utf-8","title":"Grüße","text":"# Hello\n\n[next]({{_root}}/next)","truncated":false}""");
    }

    [Fact]
    public async Task Its_source_comes_when_asked_for() =>
        (await FetchAsync("/page", "source")).Value().GetProperty("text").GetString()!.ShouldStartWith("<title>");

    [Fact]
    public async Task What_is_no_page_comes_as_it_is()
    {
        (await FetchAsync("/json")).Value().GetProperty("text").GetString().ShouldBe("""{"a":"<b>"}""");
        (await FetchAsync("/empty")).Value().GetProperty("text").GetString().ShouldBe("");
    }

    [Theory]
    [InlineData("/windows-1252", "naïve € “x”")]
    [InlineData("/meta", "naïve € “x”")]
    [InlineData("/unknown", "na\uFFFDve \uFFFD \uFFFDx\uFFFD")]
    public async Task Letters_are_read_in_the_encoding_that_the_answer_or_the_page_names(string path, string text) =>
        (await FetchAsync(path)).Value().GetProperty("text").GetString().ShouldBe(text);

    [Theory]
    [InlineData("/endless")]
    [InlineData("/endless-page")]
    public async Task An_answer_without_an_end_is_cut(string path)
    {
        var value = (await FetchAsync(path)).Value();

        value.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        value.GetProperty("text").GetString()!.Length.ShouldBeInRange(1, Limit);
    }

    [Fact]
    public async Task What_is_no_text_is_a_failure()
    {
        (await FetchAsync("/binary")).Failure().Message.ShouldContain("is no text but application/octet-stream");
        (await FetchAsync("/zeros")).Failure().Message.ShouldContain("is no text but binary data");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_may_work_later() => (await FetchAsync("/broken")).Failure().Retryable.ShouldBeTrue();

    [Fact]
    public void Results_of_the_web_are_untrusted()
    {
        new HttpFetchTool(_client, Options.Create(new HttpFetchOptions())).Description.Untrusted.ShouldBeTrue();
        new HttpGetTool(_client).Description.Untrusted.ShouldBeTrue();
        new HttpGetTool(_client).Description.Replacement.ShouldBe("http_fetch");
    }

    private Task<ToolOutcome> FetchAsync(string path, string format = "readable") =>
        new HttpFetchTool(_client, Options.Create(new HttpFetchOptions { MaxBytes = Limit })).InvokeAsync(JsonSerializer.Serialize(new { url = _root + path, format }));

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        app.MapGet("/moved", () => Results.Redirect("/page"));
        app.MapGet("/page", () => Results.Content("<title>Grüße</title><h1>Hello</h1><script>x</script><a href=next>next</a>", "text/html", Encoding.UTF8));
        app.MapGet("/json", () => Results.Content("""{"a":"<b>"}""", "application/json"));
        app.MapGet("/empty", () => Results.NoContent());
        app.MapGet("/windows-1252", () => Results.Bytes(windows.GetBytes("naïve € “x”"), "text/plain; charset=windows-1252"));
        app.MapGet("/meta", () => Results.Bytes(windows.GetBytes("<meta charset=windows-1252>naïve € “x”"), "text/html"));
        app.MapGet("/unknown", () => Results.Bytes(windows.GetBytes("naïve € “x”"), "text/plain; charset=utf-77"));
        app.MapGet("/endless", context => EndlessAsync(context, "text/plain", "endless "));
        app.MapGet("/endless-page", context => EndlessAsync(context, "text/html", "<p>endless"));
        app.MapGet("/binary", () => Results.Bytes([1, 2], "application/octet-stream"));
        app.MapGet("/zeros", () => Results.Bytes(new byte[1000], "text/plain"));
        app.MapGet("/broken", async context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("begins");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        return app;
    }

    private static async Task EndlessAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, 1000)));
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(block, context.RequestAborted);
        }
    }
}
