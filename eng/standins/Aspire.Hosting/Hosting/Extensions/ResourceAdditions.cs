using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory))))
            .WithArgs(args ?? []);
}

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, Configured(builder, $"Parameters:{name}"), secret));

    /// <summary>Nothing outlives the run here, so the value is not kept, whatever <paramref name="persist"/> says.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, Configured(builder, $"Parameters:{name}"), secret) { Default = value });

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringParameterResource(
            name, Configured(builder, $"ConnectionStrings:{name}"), environmentVariableName));

    private static Func<ParameterDefault?, string> Configured(IDistributedApplicationBuilder builder, string key) => otherwise =>
        builder.Configuration[key] is { Length: > 0 } given
            ? given
            : otherwise?.GetDefaultValue() ?? throw new MissingParameterValueException(
                $"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter has no default value. Set it: {key.Replace(":", "__", StringComparison.Ordinal)} in the environment, or --{key}=VALUE.");
}

public static class ConnectionStringBuilderExtensions
{
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression)
    {
        var resource = builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
        foreach (var referenced in connectionStringExpression.ValueProviders.SelectMany(Resources).Distinct().Where(r => r is not IResourceWithoutLifetime))
        {
            resource.WaitForStart(builder.CreateResourceBuilder(referenced));
        }

        return resource;
    }

    private static IEnumerable<IResource> Resources(IValueProvider value) =>
        value is IResource resource ? [resource] : (value as IValueWithReferences)?.References.OfType<IResource>() ?? [];
}
