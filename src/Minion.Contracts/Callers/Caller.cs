namespace Minion.Contracts.Callers;

/// <summary>
/// Who makes a call: an explicit argument from the edge to the SQL, never ambient state.
/// </summary>
/// <param name="Tenant">The tenant whose rows the call sees and changes; 1 to 63 lower-case letters, digits and hyphens.</param>
/// <param name="Principal">The person, program or agent that calls, for example <c>user:ada</c> or <c>agent:hello</c>.</param>
/// <param name="Permissions">What the principal may do, for example <c>admin</c> or <c>tools:http_get</c>; <c>*</c> is everything.</param>
public sealed record Caller(string Tenant, string Principal, IReadOnlyList<string> Permissions)
{
    /// <summary>The tenant of an installation that has only one.</summary>
    public const string DefaultTenant = "default";

    /// <summary>Whether the caller has <paramref name="permission"/>, directly or through <c>*</c>.</summary>
    public bool May(string permission) => Permissions.Contains("*") || Permissions.Contains(permission);
}
