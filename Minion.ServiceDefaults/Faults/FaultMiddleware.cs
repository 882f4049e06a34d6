using Microsoft.AspNetCore.Http;

namespace Minion.ServiceDefaults.Faults;

/// <summary>Every HTTP request's failure leaves through here; gRPC calls have the interceptor.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, FaultWriter faults)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var fault = faults.Describe(exception, context.Request.Path, context.RequestAborted.IsCancellationRequested);
            context.Response.Clear();
            await FaultResponse.WriteAsync(context, fault);
        }
    }
}
