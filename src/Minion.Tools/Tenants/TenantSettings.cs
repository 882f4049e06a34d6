using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Callers;

namespace Minion.Tools.Tenants;

/// <summary>
/// Settings that say what belongs to which tenant. There is one rule for all of them: what names no tenant is the default tenant's, what names some is
/// theirs alone.
/// </summary>
internal static partial class TenantSettings
{
    /// <summary>Stands for every tenant.</summary>
    public const string All = "*";

    /// <summary>What a name of a tenant must be; continues "… must ".</summary>
    public const string NameRule = "have 1 to 63 lower-case letters, digits and hyphens";

    /// <summary>Whether <paramref name="tenant"/> may use what names these tenants.</summary>
    public static bool Includes(IEnumerable<string> named, string tenant)
    {
        var names = named.ToList();
        return names.Count == 0 ? tenant == Caller.DefaultTenant : names.Contains(All) || names.Contains(tenant);
    }

    /// <summary>Whether it can be a tenant.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>The texts of a setting that is a list, or one text with commas, as it is easier to write in a variable.</summary>
    public static IReadOnlyList<string> Texts(IConfigurationSection section) =>
    [
        .. (section.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        .. section.GetChildren().Select(item => item.Value?.Trim() ?? "").Where(text => text.Length > 0),
    ];

    [GeneratedRegex(@"^[a-z0-9-]{1,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
