using System.Reflection;

namespace Aspire.Hosting.Running;

/// <summary>Where the build put a project's program: the AppHost's assembly knows it.</summary>
internal static class ProjectPrograms
{
    /// <summary>The start of the key; the project's path follows, and the value is the path of its assembly.</summary>
    public const string Metadata = "AspireProjectTarget:";

    public static (string Program, IReadOnlyList<string> Arguments, string Folder) Find(IProjectMetadata project)
    {
        var assembly = project.GetType().Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(m => m.Key == Metadata + project.ProjectPath)?.Value
            ?? throw new DistributedApplicationException($"The AppHost was not built with {project.ProjectPath}.");
        if (!File.Exists(assembly))
        {
            throw new DistributedApplicationException($"{assembly} is missing: build {project.ProjectPath}.");
        }

        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        folder = Directory.Exists(folder) ? folder : Path.GetDirectoryName(assembly)!;
        var program = Path.ChangeExtension(assembly, null);
        return File.Exists(program) ? (program, [], folder) : ("dotnet", [assembly], folder);
    }
}
