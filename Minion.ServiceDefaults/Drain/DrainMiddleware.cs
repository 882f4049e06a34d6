using Microsoft.AspNetCore.Http;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Drain;

/// <summary>Counts the calls under way, probes left out.</summary>
internal sealed class DrainMiddleware(RequestDelegate next, Draining draining)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Paths.IsHealth(context.Request.Path.Value ?? ""))
        {
            await next(context);
            return;
        }

        draining.Enter();
        try
        {
            await next(context);
        }
        finally
        {
            draining.Leave();
        }
    }
}
