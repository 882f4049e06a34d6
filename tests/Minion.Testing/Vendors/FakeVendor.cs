using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>A vendor on a real port: speaks its wire format, and misbehaves on demand. Turns are taken in the order of <see cref="Then"/>.</summary>
public sealed class FakeVendor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<VendorTurn> _turns = new();
    private readonly ConcurrentQueue<VendorRequest> _requests = new();
    private readonly CancellationTokenSource _stopping = new();

    private FakeVendor(VendorWire wire)
    {
        Wire = wire;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 64 * 1024 * 1024);
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public VendorWire Wire { get; }

    /// <summary>The base address, as a model definition wants it.</summary>
    public string Url => _app.Urls.Single() + Wire.BasePath;

    /// <summary>When set, requests without this key are refused.</summary>
    public string? Key { get; set; }

    /// <summary>The turn when no other is queued.</summary>
    public VendorTurn Otherwise { get; set; } = VendorTurns.Text("Hello from the fake vendor.");

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<VendorRequest> Requests => [.. _requests];

    public static async Task<FakeVendor> StartAsync(VendorWire wire)
    {
        var fake = new FakeVendor(wire);
        await fake._app.StartAsync();
        return fake;
    }

    /// <summary>Queues turns.</summary>
    public FakeVendor Then(params IEnumerable<VendorTurn> turns)
    {
        foreach (var turn in turns)
        {
            _turns.Enqueue(turn);
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
        if (!Wire.Knows(context.Request.Path) || context.Request.Method != (Wire.IsRead(context.Request.Path) ? HttpMethods.Get : HttpMethods.Post))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("404 page not found");
            return;
        }

        var request = await VendorRequest.ReadAsync(context);
        _requests.Enqueue(request);
        var turn = Key is not null && Wire.Key(request) != Key ? VendorTurns.Fail(VendorError.BadKey)
            : _turns.TryDequeue(out var queued) ? queued
            : Wire.WantsEmbeddings(request) ? VendorTurns.Embeddings
            : Otherwise;
        await turn(new VendorExchange(Wire, context, request, _stopping.Token));
    }
}
