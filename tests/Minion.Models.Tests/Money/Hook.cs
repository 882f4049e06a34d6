using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Minion.Models.Tests.Money;

/// <summary>Somebody's webhook on a real port.</summary>
internal sealed class Hook(WebApplication app) : IAsyncDisposable
{
    public string Url => app.Urls.Single() + "/hook";

    public static async Task<Hook> StartAsync(Func<string, int> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            context.Response.StatusCode = answer(await reader.ReadToEndAsync());
        });
        await app.StartAsync();
        return new Hook(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
