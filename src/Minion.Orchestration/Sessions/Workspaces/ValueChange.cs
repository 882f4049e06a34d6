namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>Which value is changed, and by whom.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Session">The session.</param>
/// <param name="Key">The key.</param>
/// <param name="By">A principal, or <c>run:ID</c>.</param>
internal sealed record ValueChange(string Tenant, Guid Session, string Key, string By)
{
    /// <summary>The etag that the value gets, so that the change may be repeated; null for a new one.</summary>
    public Guid? NewEtag { get; init; }
}
