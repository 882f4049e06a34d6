using Microsoft.AspNetCore.Http;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.ServiceDefaults.Faults;

namespace Minion.ServiceDefaults.Callers;

/// <summary>Stands before everything that both ports serve.</summary>
internal sealed class GateMiddleware(RequestDelegate next, Gate gate, FaultWriter faults, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        Caller? caller;
        try
        {
            caller = gate.Admit(Look(context), time.GetUtcNow());
        }
        catch (Fault fault)
        {
            return FaultResponse.WriteAsync(context, faults.Describe(fault, context.Request.Path, cancelled: false));
        }

        context.Features.Set(caller);
        return next(context);
    }

    private static Knock Look(HttpContext context)
    {
        var headers = context.Request.Headers;
        return new Knock(
            context.Request.Path.Value ?? "",
            context.Request.Host.Host,
            headers.Origin is [var origin, ..] ? origin : null,
            headers.Authorization is [var authorization, ..] ? authorization : null,
            headers.TryGetValue(CallerSigner.HeaderName, out var signed) ? signed.ToString() : null,
            context.Connection.RemoteIpAddress,
            context.Connection.LocalIpAddress);
    }
}
