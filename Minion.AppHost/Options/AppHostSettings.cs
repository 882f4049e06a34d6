using Microsoft.Extensions.Configuration;

namespace Minion.AppHost.Options;

/// <summary>The settings, from the environment or as <c>--NAME=VALUE</c>.</summary>
/// <param name="OrchestrationReplicas"><c>MINION_REPLICAS</c>: orchestration processes behind one endpoint, 1 to 32; default 1.</param>
/// <param name="ToolsReplicas"><c>MINION_TOOLS_REPLICAS</c>: the same for tools.</param>
/// <param name="HttpPort"><c>MINION_HTTP</c>: where the edge's endpoint for HTTP is; default 5080.</param>
/// <param name="GrpcPort"><c>MINION_GRPC</c>: where the orchestration's endpoint for gRPC is; default 5081, as the command line expects it.</param>
/// <param name="DataFolder"><c>MINION_DATA</c>: the data folder of the embedded PostgreSQL; null for the default one.</param>
/// <param name="Model"><c>MINION_MODEL</c>: what the model <c>default</c> is; null for what is declared.</param>
/// <param name="ModelUrl"><c>MINION_MODEL_URL</c>: where it is; null for the Ollama that is started here.</param>
internal sealed record AppHostSettings(
    int OrchestrationReplicas, int ToolsReplicas, int HttpPort, int GrpcPort, string? DataFolder, string? Model, string? ModelUrl)
{
    private const int MostReplicas = 32;

    /// <exception cref="DistributedApplicationException">A setting is out of its range.</exception>
    public static AppHostSettings Read(IConfiguration configuration) => new(
        Number(configuration, "MINION_REPLICAS", 1, MostReplicas, otherwise: 1),
        Number(configuration, "MINION_TOOLS_REPLICAS", 1, MostReplicas, otherwise: 1),
        Number(configuration, "MINION_HTTP", 1, ushort.MaxValue, otherwise: 5080),
        Number(configuration, "MINION_GRPC", 1, ushort.MaxValue, otherwise: 5081),
        Text(configuration, "MINION_DATA"),
        Text(configuration, "MINION_MODEL"),
        Text(configuration, "MINION_MODEL_URL"));

    private static int Number(IConfiguration configuration, string name, int least, int most, int otherwise) =>
        Text(configuration, name) is not { } text ? otherwise
        : int.TryParse(text, out var number) && number >= least && number <= most ? number
        : throw new DistributedApplicationException($"{name} is '{text}'; it takes a number from {least} to {most}.");

    private static string? Text(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } text ? text : null;
}
