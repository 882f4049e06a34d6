using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What a resource is told about those that it refers to.</summary>
public static class ReferenceExtensions
{
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = resource;
            foreach (var (key, value) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{ResourceNames.Variable(name)}_{key.ToUpperInvariant()}"] = value;
            }
        });
    }

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(context =>
    {
        foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            Add(context, source.GetEndpoint(endpoint.Name));
        }
    });

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(context => Add(context, endpointReference));

    private static void Add(EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var name = endpoint.Resource.Name;
        var key = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
        var index = 0;
        while (context.EnvironmentVariables.ContainsKey($"services__{name}__{key}__{index}"))
        {
            index++;
        }

        context.EnvironmentVariables[$"services__{name}__{key}__{index}"] = endpoint;
        context.EnvironmentVariables[$"{ResourceNames.Variable(name)}_{ResourceNames.Variable(endpoint.EndpointName)}"] = endpoint;
    }
}
