using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Server.InProcess;

namespace Minion.Server.Tests.InProcess;

/// <summary>A client and a Kestrel that share a process and no socket.</summary>
public sealed class InProcessCallsTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.ListenInProcess();
        builder.ListensInProcess().ShouldBeTrue();
        builder.Services.AddHttpClient("here", client =>
        {
            client.BaseAddress = new Uri("http://localhost:1");
            client.DefaultRequestVersion = HttpVersion.Version20;
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }).ConnectInProcess();
        _app = builder.Build();
        _app.MapPost("/echo", async (HttpRequest request, HttpResponse response) =>
        {
            // All of it before the answer begins: the client reads nothing while it sends.
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            await response.Body.WriteAsync(body.ToArray());
        });
        _app.MapGet("/addresses", (HttpContext context) => $"{context.Connection.RemoteIpAddress}|{context.Connection.LocalIpAddress}|{context.Request.Protocol}");
        _app.MapGet("/never", async (HttpContext context) =>
        {
            _entered.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await _app.StartAsync();
        _client = _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("here");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Many_calls_at_once_have_their_own_bodies()
    {
        var bodies = Enumerable.Range(0, 100).Select(i => Enumerable.Repeat((byte)i, i * 7_919).ToArray()).ToList();
        var answers = await Task.WhenAll(bodies.Select(async body =>
        {
            using var answer = await _client.PostAsync(new Uri("/echo", UriKind.Relative), new ByteArrayContent(body));
            return await answer.Content.ReadAsByteArrayAsync();
        }));

        for (var i = 0; i < bodies.Count; i++)
        {
            answers[i].ShouldBe(bodies[i]);
        }
    }

    [Fact]
    public async Task The_connection_has_no_addresses() =>
        (await _client.GetStringAsync(new Uri("/addresses", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldBe("||HTTP/2");

    [Fact]
    public async Task A_call_that_is_given_up_ends_on_both_sides()
    {
        using var stop = new CancellationTokenSource();
        var call = _client.GetAsync(new Uri("/never", UriKind.Relative), stop.Token);
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await The_connection_has_no_addresses();
    }

    [Fact]
    public async Task When_the_server_has_stopped_calls_fail_at_once()
    {
        await The_connection_has_no_addresses();
        await _app.StopAsync(TestContext.Current.CancellationToken);

        await Should.ThrowAsync<HttpRequestException>(() => _client.GetStringAsync(new Uri("/addresses", UriKind.Relative)).WaitAsync(TimeSpan.FromSeconds(90)));
    }
}
