using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Callers;

/// <summary>What only an administrator may do.</summary>
public static class AdministratorExtensions
{
    /// <summary>The permission.</summary>
    public const string Permission = "admin";

    /// <summary>Goes on for administrators only.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="what">What it wants, to follow <c>may not</c>: <c>change budgets</c>.</param>
    /// <exception cref="Fault">PERMISSION_DENIED for all others.</exception>
    public static Caller RequireAdministrator(this Caller caller, string what)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.May(Permission)
            ? caller
            : throw new Fault(
                StatusCode.PermissionDenied, "PERMISSION_DENIED", $"'{caller.Principal}' may not {what}: that needs the permission '{Permission}'.", "Ask an administrator.");
    }
}
