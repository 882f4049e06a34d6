using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    /// <summary>Only without launch profile and without the endpoints of Kestrel's configuration.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        return options is { ExcludeLaunchProfile: true, ExcludeKestrelEndpoints: true }
            ? builder.AddResource(new ProjectResource(name))
                .WithAnnotation<IProjectMetadata>(new TProject())
                .WithEnvironment(context => ProjectEnvironment.Add(context, builder.ExecutionContext, builder.Environment))
                .WithOtlpExporter()
            : throw new NotSupportedException($"'{name}': launch profiles and Kestrel's configuration are not read here; exclude both.");
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas));

    public static IProjectMetadata GetProjectMetadata(this ProjectResource projectResource) =>
        projectResource.Annotations.OfType<IProjectMetadata>().Single();
}
