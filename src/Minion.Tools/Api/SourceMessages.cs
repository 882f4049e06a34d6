using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using Minion.Tools.Audit;
using Minion.Tools.Declarations;
using Minion.Tools.Sources;
using State = Minion.Contracts.Tools.V1.ToolSourceState;

namespace Minion.Tools.Api;

/// <summary>Declarations as the API gives them.</summary>
internal static class SourceMessages
{
    public static ToolSource Of(Caller caller, DeclaredSource source, SourceSet live, TenantDeclarations declared)
    {
        var isAdministrator = caller.May(AdministratorExtensions.Permission);
        var health = live.Find(caller.Tenant, source.Name)?.Source.Health;
        return new ToolSource
        {
            Name = source.Name,
            Kind = source.Kind,
            // Settings, and what a program says when it fails, may hold what should have been a reference; only who declares them needs it.
            Settings = isAdministrator ? source.Settings.GetRawText() : MaskedArguments.Of(source.Settings, []),
            Policy = source.Policy,
            Cluster = source.Cluster,
            UpdatedAt = Timestamp.FromDateTimeOffset(source.UpdatedAt),
            State = health?.State switch
            {
                Sources.SourceState.Ready => State.Ready,
                Sources.SourceState.Failing => State.Failing,
                _ => State.Idle,
            },
            Detail = isAdministrator ? health?.Detail ?? "" : MaskedArguments.Clean(health?.Detail ?? ""),
            Tools = declared.Versions.Count(version => version.Source == source.Name && version.Offered),
        };
    }

    public static NamedPolicy Of(DeclaredPolicy policy) =>
        new() { Name = policy.Name, Policy = policy.Policy, Cluster = policy.Cluster, UpdatedAt = Timestamp.FromDateTimeOffset(policy.UpdatedAt) };
}
