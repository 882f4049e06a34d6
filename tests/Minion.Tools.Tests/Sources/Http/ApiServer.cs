using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Tools.Network;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Sources.Http;

/// <summary>An HTTP API on this machine that tells what it was asked, and answers what a test wants.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    private WebApplication? _app;

    public string Url { get; private set; } = "";

    /// <summary>By path; what is not here is answered with the request itself as JSON.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Answers { get; } = [];

    internal Dictionary<string, string> Variables { get; } = new() { ["SHOP_TOKEN"] = "geheim-4711", ["SHOP_PASSWORD"] = "passwort-0815" };

    internal SecretReferences Secrets => new(Variables.GetValueOrDefault);

    /// <summary>Public addresses only: this machine must be named.</summary>
    internal AddressGuard Guard { get; } = new(new NetworkOptions());

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (Answers.TryGetValue(context.Request.Path.Value!, out var answer))
        {
            await answer(context);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsJsonAsync(new
        {
            method = context.Request.Method,
            target = context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            body = await reader.ReadToEndAsync(),
        });
    }
}
