using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults;
using Minion.Testing.OpenAi;

namespace Minion.Edge.Tests;

/// <summary>The edge on a real port, before a fake endpoint that is the model <c>default</c>; without an orchestration.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EdgeHost(WebApplication app, FakeOpenAi upstream, int port)
    {
        _app = app;
        Upstream = upstream;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
    }

    public FakeOpenAi Upstream { get; }

    public HttpClient Http { get; }

    /// <summary>The base address as a client of OpenAI's API wants it.</summary>
    public string Url => new Uri(Http.BaseAddress!, "/v1").AbsoluteUri;

    public int Port => Http.BaseAddress!.Port;

    public static async Task<EdgeHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var upstream = await FakeOpenAi.StartAsync();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MINION_MODEL_URL"] = upstream.Url,
            ["MINION_MODEL"] = "fake-model",
            ["Models:MaxRetries"] = "0",
            ["services:orchestration:grpc:0"] = "http://127.0.0.1:9",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.AddServiceDefaults("edge-test");
        builder.Logging.ClearProviders();
        builder.AddEdge();
        ListenOptions? endpoint = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => endpoint = listen));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapEdge();
        await app.StartAsync();
        return new EdgeHost(app, upstream, endpoint!.IPEndPoint!.Port);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A request and its answer, which is to be JSON.</summary>
    public async Task<(int Status, JsonElement Body)> AskAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>A request and the events of its answer.</summary>
    public async Task<List<(string Name, string Data)>> StreamAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await TextOf(response));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await response.Content.ReadAsStreamAsync();
        return [.. SseParser.Create(stream).Enumerate().Select(e => (e.EventType, e.Data))];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private static async Task<string> TextOf(HttpResponseMessage response) => response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
}
