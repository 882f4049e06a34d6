using Npgsql;

namespace Minion.Data.Connections;

/// <summary>Makes the login's connection string start as a database role.</summary>
internal static class RoleConnection
{
    public static void Apply(NpgsqlConnectionStringBuilder login, string role, string roleName, IReadOnlyList<string> searchPath)
    {
        var settings = new List<string> { Setting("role", roleName), Setting("search_path", string.Join(',', searchPath)) };
        if (role == DatabaseRoles.Engine)
        {
            // A plan made while a table was empty would scan it sequentially for ever.
            settings.Add(Setting("plan_cache_mode", "force_custom_plan"));
        }

        login.ApplicationName = $"minion-{role}";
        login.Options = string.Join(' ', [.. login.Options is { Length: > 0 } given ? [given] : Array.Empty<string>(), .. settings]);

        // The reset would also take the role away; nothing else of a session is ever changed beyond its transaction.
        login.NoResetOnClose = true;
        login.MaxAutoPrepare = 100;
        login.AutoPrepareMinUsages = 2;
        login.ConnectionIdleLifetime = 60;
    }

    /// <summary>In the startup options a backslash escapes blanks and itself.</summary>
    private static string Setting(string name, string value) =>
        $"-c {name}={value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal)}";
}
