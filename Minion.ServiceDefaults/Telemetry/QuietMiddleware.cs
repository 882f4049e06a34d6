using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>Probes and scrapes leave no trace.</summary>
internal sealed class QuietMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if ((Paths.IsHealth(path) || path == Paths.Metrics) && Activity.Current is { } activity)
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        return next(context);
    }
}
