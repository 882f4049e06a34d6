using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>What callers are told when something is not possible with a workspace.</summary>
internal static class WorkspaceFaults
{
    public static Fault NotFound(string key) => new(
        StatusCode.NotFound, "VALUE_NOT_FOUND", $"The workspace has no value '{key}'.", "'minion sessions workspace list' shows what there is.");

    public static Fault Conflict(string key, Guid? current) => new(
        StatusCode.Aborted,
        "ETAG_MISMATCH",
        current is { } etag ? $"The value '{key}' has the etag {etag:N} now, not the expected one." : $"There is no value '{key}' any more.",
        "Read it again, and repeat the change on what it is now.");

    public static Fault Exists(string key, Guid current) => new(
        StatusCode.Aborted,
        "ETAG_MISMATCH",
        $"There is a value '{key}' already, with the etag {current:N}.",
        "Read it, and change it under that etag.");

    public static Fault TooManyKeys() => new(
        StatusCode.ResourceExhausted,
        "WORKSPACE_FULL",
        $"The workspace has its {WorkspaceRules.MostKeys:N0} keys; a new one is refused.",
        "Delete values that are not needed any more.");
}
