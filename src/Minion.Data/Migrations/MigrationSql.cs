using System.Text.RegularExpressions;
using Minion.Data.Connections;

namespace Minion.Data.Migrations;

/// <summary>Fills the placeholders of a migration's SQL.</summary>
internal static partial class MigrationSql
{
    /// <exception cref="InvalidOperationException">The SQL names a role that the set does not have.</exception>
    public static string Fill(string sql, string file, MigrationSet set, Func<string, string> roleName) =>
        Placeholder().Replace(sql, match =>
        {
            if (match.Groups["role"] is not { Success: true, Value: var role })
            {
                return set.Schema.Quoted();
            }

            return role == DatabaseRoles.Migrator || set.Roles.Contains(role)
                ? roleName(role).Quoted()
                : throw new InvalidOperationException(
                    $"{file} of schema '{set.Schema}' names the role '{role}'; the set has {string.Join(", ", set.Roles)}.");
        });

    [GeneratedRegex(@"\{(schema|role:(?<role>[a-z0-9_]+))\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
