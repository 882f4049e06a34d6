using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Contracts.Callers;
using Minion.ServiceDefaults.Callers;
using Minion.ServiceDefaults.Drain;

namespace Minion.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, Paths.Health, (report, _) => report.Status != HealthStatus.Unhealthy);
        Map(endpoints, Paths.Alive, (report, _) => HealthMonitor.IsAlive(report));
        Map(endpoints, Paths.Ready, (report, draining) => !draining && HealthMonitor.IsReady(report));
        endpoints.MapGrpcService<GrpcHealthService>();
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, Func<HealthReport, bool, bool> isGood) =>
        endpoints.MapGet(path, async (HttpContext context, HealthMonitor monitor, Draining draining) =>
        {
            var report = await monitor.AskAsync(context.RequestAborted);
            var isDraining = draining.Started.IsCancellationRequested;
            var answer = HealthAnswer.From(report, isDraining, withDetail: context.Features.Get<Caller>() is not null);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Json(
                answer,
                HealthJson.Default.HealthAnswer,
                statusCode: isGood(report, isDraining) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).DisableHttpMetrics();
}
