using Grpc.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Tells calls from other HTTP requests, which are answered in HTTP's own words.</summary>
internal static class RequestCheck
{
    public static bool IsCall(HttpContext http)
    {
        if (!WireNames.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "h2c";
            http.Response.ContentType = WireNames.ContentType;
            http.Response.Headers[WireNames.Status] = "13";
            http.Response.Headers[WireNames.Message] = $"Request protocol '{http.Request.Protocol}' is not supported.";
            return false;
        }

        return true;
    }
}
