using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>Writes a failure as the client's protocol has it: gRPC trailers-only, or problem details (RFC 9457).</summary>
internal static class FaultResponse
{
    public static bool IsGrpc(HttpContext context) =>
        context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    public static Task WriteAsync(HttpContext context, FaultDescription fault)
    {
        if (IsGrpc(context))
        {
            return WriteGrpcAsync(context.Response, fault);
        }

        var form = context.RequestServices.GetServices<IFaultForm>().FirstOrDefault(f => f.IsFor(context.Request.Path));
        return form is null ? WriteProblemAsync(context, fault) : form.WriteAsync(context, fault);
    }

    private static Task WriteGrpcAsync(HttpResponse response, FaultDescription fault)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)fault.Status).ToString();
        response.Headers["grpc-message"] = Uri.EscapeDataString(RichStatus.Cut(fault.Message));
        response.Headers[FaultDetails.TrailerName] = Convert.ToBase64String(RichStatus.ToBytes(fault)).TrimEnd('=');
        return response.CompleteAsync();
    }

    private static Task WriteProblemAsync(HttpContext context, FaultDescription fault)
    {
        var response = context.Response;
        response.StatusCode = fault.HttpStatus;
        response.ContentType = "application/problem+json";
        if (fault.Status == StatusCode.Unauthenticated)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var problem = new Problem(
            $"https://{Fault.Domain}/problems/{fault.Reason}",
            fault.Reason,
            fault.HttpStatus,
            fault.Message,
            fault.Hint.Length > 0 ? fault.Hint : null,
            fault.Fields.Count > 0 ? fault.Fields : null,
            fault.ErrorId);
        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, ProblemJson.Default.Problem), context.RequestAborted).AsTask();
    }
}
