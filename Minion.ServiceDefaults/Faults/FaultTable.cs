using System.Data.Common;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>The one table from an exception to what the caller hears.</summary>
internal static class FaultTable
{
    private const int DiskFull = 28; // ENOSPC
    private const int DiskFullOnWindows = unchecked((int)0x80070070); // ERROR_DISK_FULL

    /// <summary>Describes <paramref name="exception"/>; null when it is nothing that a caller may read the cause of.</summary>
    public static FaultDescription? Describe(Exception exception, CallState call) => exception switch
    {
        Fault fault => new(fault.Status, fault.Reason, fault.Message, fault.Hint, fault.Fields),
        RpcException rpc when rpc.StatusCode is not (StatusCode.Unknown or StatusCode.Internal) => Relayed(rpc, call),
        OperationCanceledException when call.DeadlinePassed => Plain(
            StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "The call's deadline passed before it was done.", "Allow more time, or ask for less."),
        OperationCanceledException when call.Cancelled => Plain(StatusCode.Cancelled, "CANCELLED", "The call was cancelled.", ""),
        OperationCanceledException or ObjectDisposedException when call.Stopping => Plain(
            StatusCode.Unavailable, "SERVER_STOPPING", "The server is stopping.", "Call again in a moment; another server, or this one restarted, takes over."),
        DbException database => OfDatabase(database),
        IOException { HResult: DiskFull or DiskFullOnWindows } => NoSpace,
        BadHttpRequestException bad => Plain(
            bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? StatusCode.ResourceExhausted : StatusCode.InvalidArgument,
            "INVALID_REQUEST", bad.Message, "Correct the request and send it again."),
        { InnerException: DbException database } => OfDatabase(database),
        _ => null,
    };

    private static FaultDescription NoSpace { get; } = Plain(
        StatusCode.ResourceExhausted, "DISK_FULL", "The server's disk is full; nothing was changed.", "Free space on the disk of the data folder and call again.");

    private static FaultDescription? OfDatabase(DbException exception) => exception.SqlState switch
    {
        "53100" => NoSpace,
        "40001" or "40P01" or "55P03" => Plain(
            StatusCode.Aborted, "CONFLICT", "Another change came in between; nothing was changed.", "Read again and call again."),
        ['5', '3', ..] or ['5', '7', 'P', ..] or ['0', '8', ..] => Unreachable,
        null when exception.IsTransient || exception.InnerException is SocketException or IOException or TimeoutException => Unreachable,
        _ when exception.IsTransient => Unreachable,
        _ => null,
    };

    private static FaultDescription Unreachable { get; } = Plain(
        StatusCode.Unavailable, "DATABASE_UNAVAILABLE", "The database does not answer at the moment.", "Call again in a moment; see `minion doctor` if it lasts.");

    /// <summary>What another service said, said again.</summary>
    private static FaultDescription Relayed(RpcException rpc, CallState call)
    {
        if (rpc.StatusCode == StatusCode.Cancelled && call.Stopping)
        {
            return Describe(new OperationCanceledException(), call with { Cancelled = false, DeadlinePassed = false })!;
        }

        var details = FaultDetails.From(rpc);
        var reason = details.Reason.Length > 0 ? details.Reason : rpc.StatusCode.ToString().ToUpperInvariant();
        return new(rpc.StatusCode, reason, rpc.Status.Detail, details.Hint, details.Fields, details.ErrorId.Length > 0 ? details.ErrorId : null);
    }

    private static FaultDescription Plain(StatusCode status, string reason, string message, string hint) => new(status, reason, message, hint, []);
}

/// <summary>What is known of the call that failed.</summary>
internal readonly record struct CallState(bool Cancelled, bool DeadlinePassed, bool Stopping);
