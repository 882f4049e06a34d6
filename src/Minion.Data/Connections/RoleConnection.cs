using Npgsql;

namespace Minion.Data.Connections;

/// <summary>Makes the login's connection string start as a database role.</summary>
internal static class RoleConnection
{
    public static void Apply(
        NpgsqlConnectionStringBuilder login, string role, string roleName, IReadOnlyList<string> searchPath, Plans plans = Plans.Usual)
    {
        string[] settings = [Setting("role", roleName), Setting("search_path", string.Join(',', searchPath)), .. Settings(plans)];

        login.ApplicationName = $"minion-{role}";
        login.Options = string.Join(' ', [.. login.Options is { Length: > 0 } given ? [given] : Array.Empty<string>(), .. settings]);

        // The reset would also take the role away; nothing else of a session is ever changed beyond its transaction.
        login.NoResetOnClose = true;
        login.MaxAutoPrepare = 100;
        login.AutoPrepareMinUsages = 2;
        login.ConnectionIdleLifetime = 60;
    }

    private static IEnumerable<string> Settings(Plans plans) => plans switch
    {
        Plans.AlwaysNew => [Setting("plan_cache_mode", "force_custom_plan")],
        Plans.KeptByKey =>
        [
            Setting("plan_cache_mode", "force_generic_plan"),
            .. new[] { "enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_material" }.Select(s => Setting(s, "off")),
        ],
        _ => [],
    };

    /// <summary>In the startup options a backslash escapes blanks and itself.</summary>
    private static string Setting(string name, string value) =>
        $"-c {name}={value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal)}";
}
