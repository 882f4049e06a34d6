using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>The variables that every project gets.</summary>
internal static class ProjectEnvironment
{
    public static void Add(EnvironmentCallbackContext context, DistributedApplicationExecutionContext execution, IHostEnvironment environment)
    {
        var variables = context.EnvironmentVariables;
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (!execution.IsRunMode)
        {
            return;
        }

        if (environment.IsDevelopment())
        {
            variables["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
            variables["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
        }

        AddUrls(context);
    }

    /// <summary>Endpoints whose port does not come in a variable of its own.</summary>
    private static void AddUrls(EnvironmentCallbackContext context)
    {
        var owner = (IResourceWithEndpoints)context.Resource;
        ReferenceExpression? urls = null;
        foreach (var endpoint in owner.Annotations.OfType<EndpointAnnotation>()
            .Where(e => e.UriScheme is "http" or "https" && e.TargetPortEnvironmentVariable is null))
        {
            var port = new EndpointReference(owner, endpoint.Name).Property(EndpointProperty.TargetPort);
            urls = urls is null
                ? ReferenceExpression.Create($"{endpoint.UriScheme}://{endpoint.TargetHost}:{port}")
                : ReferenceExpression.Create($"{urls};{endpoint.UriScheme}://{endpoint.TargetHost}:{port}");
        }

        if (urls is not null)
        {
            context.EnvironmentVariables.TryAdd("ASPNETCORE_URLS", urls);
        }
    }
}
