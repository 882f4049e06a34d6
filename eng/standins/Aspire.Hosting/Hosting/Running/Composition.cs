using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Supervision;

namespace Aspire.Hosting.Running;

/// <summary>From a resource of the model to the process of one replica: program, arguments, variables.</summary>
internal sealed class Composition(DistributedApplicationExecutionContext execution, DashboardProgram dashboard)
{
    public async Task<ProcessSpec> ComposeAsync(IResource resource, Replica replica, CancellationToken cancellationToken)
    {
        var context = new ValueProviderContext { Caller = resource, TargetPorts = replica.TargetPorts };
        var (program, fixedArguments, folder) = Program(resource);
        var arguments = new List<string>(fixedArguments);
        foreach (var argument in await ArgumentsAsync(resource, cancellationToken))
        {
            arguments.Add(await TextAsync(argument, context, cancellationToken));
        }

        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in await VariablesAsync(resource, cancellationToken))
        {
            variables[name] = await TextAsync(value, context, cancellationToken);
        }

        if (resource.Annotations.OfType<OtlpExporterAnnotation>().Any())
        {
            dashboard.AddExport(variables, resource.Name, replica.Suffix);
        }

        return new ProcessSpec(program, arguments, variables, folder);
    }

    private static (string Program, IReadOnlyList<string> Arguments, string Folder) Program(IResource resource) => resource switch
    {
        ProjectResource project => ProjectPrograms.Find(project.GetProjectMetadata()),
        ExecutableResource executable => (executable.Command, [], executable.WorkingDirectory),
        _ => throw new DistributedApplicationException($"'{resource.Name}' is nothing that can be started here."),
    };

    private static async Task<IEnumerable<object>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
        {
            await annotation.Callback(context);
        }

        return context.Args;
    }

    private async Task<Dictionary<string, object>> VariablesAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, [], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables;
    }

    private static async Task<string> TextAsync(object value, ValueProviderContext context, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(context, cancellationToken) ?? "",
        IValueProvider provider => await provider.GetValueAsync(context, cancellationToken) ?? "",
        _ => value.ToString() ?? "",
    };
}
