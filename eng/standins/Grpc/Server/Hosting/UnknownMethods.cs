using System.Collections.Concurrent;
using Grpc.StandIn.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server;

/// <summary>Answers calls of what is not there with UNIMPLEMENTED, and leaves every other request alone.</summary>
internal sealed class UnknownMethods
{
    private readonly ConcurrentDictionary<string, bool> _services = new(StringComparer.Ordinal);
    private int _mapped;

    public void Map(IEndpointRouteBuilder routes, IEnumerable<string> services)
    {
        foreach (var service in services)
        {
            _services.TryAdd(service, true);
        }

        if (Interlocked.Exchange(ref _mapped, 1) != 0)
        {
            return;
        }

        var pattern = RoutePatternFactory.Parse("{unknownService}/{unknownMethod}", defaults: null, parameterPolicies: new { unknownMethod = new OnlyCalls() });
        routes.Map(pattern, HandleAsync).WithMetadata(new HttpMethodMetadata(["POST"])).WithDisplayName("gRPC - unimplemented");
    }

    private Task HandleAsync(HttpContext http)
    {
        if (!RequestCheck.IsCall(http))
        {
            return Task.CompletedTask;
        }

        var known = http.GetRouteValue("unknownService") is string service && _services.ContainsKey(service);
        http.Response.ContentType = WireNames.ContentType;
        http.Response.Headers[WireNames.Status] = "12";
        http.Response.Headers[WireNames.Message] = known ? "Method is unimplemented." : "Service is unimplemented.";
        return Task.CompletedTask;
    }

    private sealed class OnlyCalls : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            WireNames.IsGrpc(httpContext?.Request.ContentType);
    }
}
