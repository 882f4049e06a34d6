using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>What a cluster file declares.</summary>
/// <param name="Name">The cluster.</param>
/// <param name="Definition">What is said of the cluster as a whole.</param>
/// <param name="Node">The file's root.</param>
/// <param name="Models">In the order of the file.</param>
/// <param name="Agents">In the order of the file, with the resource policy filled in.</param>
internal sealed record ClusterFile(
    string Name, ClusterDefinition Definition, YamlMap Node, IReadOnlyList<Declared<ModelDefinition>> Models, IReadOnlyList<Declared<AgentDefinition>> Agents)
{
    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Declared<ScheduleDefinition>> Schedules { get; init; } = [];

    /// <summary>The largest file, in bytes of UTF-8.</summary>
    public const int MostBytes = 1024 * 1024;

    public const string ApiVersion = "minion.dev/v1";
    public const string Kind = "AgentCluster";
}

/// <summary>A definition and where it stands.</summary>
internal sealed record Declared<T>(T Definition, YamlMap Node);

/// <summary>A file after reading: what could be understood, and all that is wrong.</summary>
internal sealed record ClusterReading(string Source, ClusterFile? File, Problems Problems);
