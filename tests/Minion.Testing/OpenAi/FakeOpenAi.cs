using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Minion.Testing.OpenAi;

/// <summary>
/// An OpenAI-compatible endpoint on a real port: speaks the true wire format of <c>/v1/chat/completions</c>, <c>/v1/embeddings</c> and <c>/v1/models</c>, and
/// misbehaves on demand. Replies are given in the order of <see cref="Then"/>, after that by <see cref="Otherwise"/>.
/// </summary>
public sealed class FakeOpenAi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Reply> _replies = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly CancellationTokenSource _stopping = new();

    private FakeOpenAi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 64 * 1024 * 1024);
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>The base address, as a model definition wants it.</summary>
    public string Url => _app.Urls.Single() + "/v1";

    /// <summary>When set, requests without <c>Authorization: Bearer</c> and this key get 401.</summary>
    public string? Key { get; set; }

    /// <summary>When not empty, other models get 404.</summary>
    public IList<string> Models { get; } = [];

    /// <summary>The reply when no other is queued.</summary>
    public Reply Otherwise { get; set; } = Replies.Text("Hello from the fake endpoint.");

    /// <summary>All requests for chats and embeddings so far.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    public static async Task<FakeOpenAi> StartAsync()
    {
        var fake = new FakeOpenAi();
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>Queues replies.</summary>
    public FakeOpenAi Then(params IEnumerable<Reply> replies)
    {
        foreach (var reply in replies)
        {
            _replies.Enqueue(reply);
        }

        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Key is not null && context.Request.Headers.Authorization != $"Bearer {Key}")
        {
            await Replies.Error(401, "Incorrect API key provided.", code: "invalid_api_key")(new Exchange(context, null, _stopping.Token));
        }
        else if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/v1/models")
        {
            await context.Response.WriteAsJsonAsync(new { @object = "list", data = Models.Select(m => new { id = m, @object = "model" }) });
        }
        else if (!HttpMethods.IsPost(context.Request.Method) || context.Request.Path.Value is not ("/v1/chat/completions" or "/v1/embeddings"))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("404 page not found");
        }
        else
        {
            await ChatAsync(context);
        }
    }

    private async Task ChatAsync(HttpContext context)
    {
        var request = await ReceivedRequest.ReadAsync(context);
        _requests.Enqueue(request);
        var reply = Models.Count > 0 && !Models.Contains(request.Model)
            ? Replies.Error(404, $"The model `{request.Model}` does not exist.", code: "model_not_found")
            : _replies.TryDequeue(out var queued) ? queued
            : context.Request.Path == "/v1/embeddings" ? Replies.Raw(200, "application/json", EmbeddingsWire.Answer(request.Body))
            : Otherwise;
        await reply(new Exchange(context, request, _stopping.Token));
    }
}
