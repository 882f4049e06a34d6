using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Callers;

/// <summary>Who makes the call at hand.</summary>
public static class CallerExtensions
{
    private const string StateKey = "minion.caller";

    /// <summary>The authenticated caller of a gRPC call.</summary>
    /// <exception cref="Fault">UNAUTHENTICATED when nobody was authenticated.</exception>
    public static Caller GetCaller(this ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.UserState.TryGetValue(StateKey, out var caller) ? (Caller)caller : throw Nobody();
    }

    /// <summary>The authenticated caller of an HTTP request.</summary>
    /// <exception cref="Fault">UNAUTHENTICATED when nobody was authenticated.</exception>
    public static Caller GetCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>() ?? throw Nobody();
    }

    internal static void SetCaller(this ServerCallContext context, Caller caller) => context.UserState[StateKey] = caller;

    private static Fault Nobody() => new(StatusCode.Unauthenticated, "NO_CALLER", "The call has no caller.");
}
