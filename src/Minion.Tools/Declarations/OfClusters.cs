using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Tools.Declarations;

/// <summary>What a cluster's file declares is changed by that file: what was changed beside it would be as before when it is applied again.</summary>
internal static class OfClusters
{
    /// <exception cref="Fault">FAILED_PRECONDITION when a cluster declares it.</exception>
    public static void Refuse(DeclaredSource? source) => Refuse("source", source?.Name, source?.Cluster);

    /// <exception cref="Fault">FAILED_PRECONDITION when a cluster declares it.</exception>
    public static void Refuse(DeclaredPolicy? policy) => Refuse("policy", policy?.Name, policy?.Cluster);

    private static void Refuse(string what, string? name, string? cluster)
    {
        if (cluster is { Length: > 0 })
        {
            throw new Fault(
                StatusCode.FailedPrecondition,
                "DECLARED_BY_CLUSTER",
                $"The {what} '{name}' is declared by the cluster '{cluster}'.",
                $"Change it in the cluster's file and apply that ('minion export {cluster}' writes the file), or take another name.");
        }
    }
}
