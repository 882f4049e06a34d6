using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Minion.Tools.BuiltIn;
using Minion.Tools.Network;

namespace Minion.Tools.Tests.BuiltIn;

public sealed class HttpGetTests : IAsyncLifetime
{
    private readonly WebApplication _server = Server();
    private readonly SafeHttpClient _client = new(new AddressGuard(new NetworkOptions { Allow = { "127.0.0.1/32" } }, LocalNames));
    private string _root = "";

    /// <summary>Whatever the guard lets through, these tests connect to this machine only.</summary>
    private static readonly NetworkCalls ThisMachine = NetworkCalls.Real with
    {
        ConnectAsync = (addresses, port, cancellationToken) => addresses.All(IPAddress.IsLoopback)
            ? NetworkCalls.Real.ConnectAsync(addresses, port, cancellationToken)
            : throw new IOException("The guard let another machine's address through."),
    };

    private static NetworkCalls LocalNames => ThisMachine with { ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) };

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
    public async Task A_text_is_fetched_with_its_status_and_type()
    {
        var value = (await GetAsync("/hello")).Value();

        value.GetRawText().ShouldBe("""{"status":200,"content_type":"text/plain; charset=utf-8","body":"Grüße","truncated":false}""");
    }

    [Fact]
    public async Task An_error_status_is_a_result() =>
        (await GetAsync("/missing")).Value().GetProperty("status").GetInt32().ShouldBe(404);

    [Fact]
    public async Task Loopback_is_refused_unless_allowed()
    {
        using var client = new SafeHttpClient(new AddressGuard(new NetworkOptions(), ThisMachine));

        var failure = (await new HttpGetTool(client).InvokeAsync(Url(_root + "/hello"))).Failure();

        failure.Message.ShouldContain("inside a private network");
        failure.Retryable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_that_resolves_inside_is_refused_when_connecting()
    {
        var rebinding = ThisMachine with { ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.IPv6Loopback]) };
        using var client = new SafeHttpClient(new AddressGuard(new NetworkOptions(), rebinding));

        (await new HttpGetTool(client).InvokeAsync(Url("http://example.com/"))).Failure().Message.ShouldContain("inside a private network");
    }

    [Fact]
    public async Task Redirects_are_followed_up_to_five()
    {
        (await GetAsync("/redirect/5")).Value().GetProperty("body").GetString().ShouldBe("Grüße");
        (await GetAsync("/redirect/6")).Failure().Message.ShouldContain("more than 5 redirects");
    }

    [Theory]
    [InlineData("http://10.0.0.1/", "inside a private network")]
    [InlineData("file:///etc/passwd", "only http and https")]
    [InlineData("http://user:secret@127.0.0.1/", "user name or password")]
    public async Task A_redirect_is_checked_like_a_first_url(string target, string message)
    {
        var failure = (await GetAsync("/to?url=" + Uri.EscapeDataString(target))).Failure();

        failure.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("/headers", "secret")]
    [InlineData("/to?url=/headers", "secret")]
    [InlineData("/elsewhere", "")]
    public async Task Headers_do_not_go_along_to_another_server(string path, string seen)
    {
        var arguments = JsonSerializer.Serialize(new { url = _root + path, headers = new { Authorization = "secret" } });

        (await new HttpGetTool(_client).InvokeAsync(arguments)).Value().GetProperty("body").GetString().ShouldBe(seen);
    }

    [Fact]
    public async Task A_long_text_is_cut()
    {
        var value = (await GetAsync("/long")).Value();

        value.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        value.GetProperty("body").GetString()!.Length.ShouldBe(TextBody.Limit / 2);
    }

    [Theory]
    [InlineData("/image", "image/png")]
    [InlineData("/binary", "binary data")]
    public async Task What_is_no_text_is_a_failure(string path, string type) =>
        (await GetAsync(path)).Failure().Message.ShouldContain($"is no text but {type}");

    [Fact]
    public async Task A_compressed_answer_is_cut_after_decompression() =>
        (await GetAsync("/bomb")).Value().GetProperty("truncated").GetBoolean().ShouldBeTrue();

    [Fact]
    public async Task A_server_that_ends_the_connection_may_work_later() =>
        (await GetAsync("/abort")).Failure().Retryable.ShouldBeTrue();

    [Theory]
    [InlineData("example.com", "is no URL")]
    [InlineData("ftp://example.com/", "only http and https")]
    [InlineData("http://user@example.com/", "user name or password")]
    public async Task A_url_that_cannot_be_fetched_is_a_failure(string url, string message) =>
        (await new HttpGetTool(_client).InvokeAsync(Url(url))).Failure().Message.ShouldContain(message);

    [Theory]
    [InlineData("Host")]
    [InlineData("transfer-encoding")]
    [InlineData("Proxy-Authorization")]
    public async Task Headers_of_the_connection_cannot_be_set(string header)
    {
        var arguments = JsonSerializer.Serialize(new { url = _root, headers = new Dictionary<string, string> { [header] = "x" } });

        (await new HttpGetTool(_client).InvokeAsync(arguments)).Failure().Message.ShouldContain($"'{header}' cannot be set");
    }

    private async Task<ToolOutcome> GetAsync(string path) => await new HttpGetTool(_client).InvokeAsync(Url(_root + path));

    private static string Url(string url) => JsonSerializer.Serialize(new { url });

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/hello", () => Results.Text("Grüße"));
        app.MapGet("/redirect/{left:int}", (int left) => Results.Redirect(left == 1 ? "/hello" : $"/redirect/{left - 1}"));
        app.MapGet("/to", (HttpContext context, string url) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = url;
        });
        app.MapGet("/headers", (HttpContext context) => Results.Text(context.Request.Headers.Authorization.ToString()));
        app.MapGet("/elsewhere", (HttpContext context) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"http://elsewhere.test:{context.Request.Host.Port}/headers";
        });
        app.MapGet("/long", () => Results.Text(new string('ü', TextBody.Limit)));
        app.MapGet("/image", () => Results.Bytes([1, 2, 3], "image/png"));
        app.MapGet("/binary", () => Results.Bytes([0, 1, 2], "text/plain"));
        app.MapGet("/bomb", BombAsync);
        app.MapGet("/abort", (HttpContext context) => context.Abort());
        return app;
    }

    private static async Task BombAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new System.IO.Compression.GZipStream(context.Response.Body, System.IO.Compression.CompressionLevel.Fastest);
        var zeros = new byte[1 << 20];
        Array.Fill(zeros, (byte)'a');
        for (var i = 0; i < 64 && !context.RequestAborted.IsCancellationRequested; i++)
        {
            await gzip.WriteAsync(zeros, context.RequestAborted);
        }
    }
}
