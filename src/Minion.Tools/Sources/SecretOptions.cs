using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Callers;
using Minion.Tools.Tenants;

namespace Minion.Tools.Sources;

/// <summary>Which variables of the server's environment which tenant may use in settings of sources.</summary>
public sealed partial class SecretOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Secrets";

    /// <summary>
    /// Names of variables by tenant, exact or with <c>*</c> at the end (<c>Tools:Secrets:Tenants:acme=ACME_*,MAPS_TOKEN</c>, or a list). Default: none. A
    /// tenant that is not named may use none, except that the default tenant, unless it is named itself, may use all that no other tenant is given.
    /// </summary>
    public IDictionary<string, IReadOnlyList<string>> Tenants { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Whether a tenant may refer to a variable.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="variable">Its name.</param>
    public bool May(string tenant, string variable) => Tenants.TryGetValue(tenant, out var own)
        ? own.Any(name => Fits(name, variable))
        : tenant == Caller.DefaultTenant && !Tenants.Values.Any(names => names.Any(name => Fits(name, variable)));

    internal void Read(IConfigurationSection section)
    {
        foreach (var tenant in section.GetSection(nameof(Tenants)).GetChildren())
        {
            Tenants[tenant.Key] = TenantSettings.Texts(tenant);
        }
    }

    /// <summary>Everything that is wrong with the settings.</summary>
    internal IEnumerable<string> Problems() =>
        Tenants.Keys.Where(tenant => !TenantSettings.IsName(tenant))
            .Select(tenant => $"{Section}:Tenants has '{tenant}', but names of tenants must {TenantSettings.NameRule}.")
            .Concat(Tenants.SelectMany(tenant => tenant.Value.Where(name => !IsName(name))
                .Select(name => $"{Section}:Tenants:{tenant.Key} has '{name}', which no reference can mean: {SecretReferences.Allowed}; at the end '*' stands for any characters.")));

    private static bool Fits(string name, string variable) =>
        name.EndsWith('*') ? variable.StartsWith(name[..^1], StringComparison.Ordinal) : variable == name;

    private static bool IsName(string name) => name == "*" || SecretReferences.IsAllowed(name)
        || (Beginning().IsMatch(name) && !name.StartsWith("MINION_", StringComparison.Ordinal));

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]{0,99}\*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Beginning();
}
