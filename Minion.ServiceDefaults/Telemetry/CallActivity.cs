using System.Diagnostics;
using Minion.ServiceDefaults.Faults;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>What the server span of a call says about it (OpenTelemetry semantic conventions, RPC).</summary>
internal static class CallActivity
{
    /// <summary>Names the span of the call after its method, for example <c>minion.tools.v1.ToolService/CallTool</c>.</summary>
    public static void Started(string method)
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity)
        {
            return;
        }

        var name = method.TrimStart('/');
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        activity.DisplayName = name;
        activity.SetTag(TelemetryNames.RpcSystem, "grpc");
        if (slash > 0)
        {
            activity.SetTag(TelemetryNames.RpcService, name[..slash]);
            activity.SetTag(TelemetryNames.RpcMethod, name[(slash + 1)..]);
        }
    }

    /// <summary>Notes the failure; what the caller did wrong is no error of the server.</summary>
    public static void Failed(FaultDescription fault)
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity)
        {
            return;
        }

        activity.SetTag(TelemetryNames.RpcGrpcStatusCode, (int)fault.Status);
        activity.SetTag(TelemetryNames.ErrorType, fault.Reason);
        if (fault.HttpStatus >= 500)
        {
            activity.SetStatus(ActivityStatusCode.Error, fault.Message);
        }
    }
}
