using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data.Migrations;

namespace Minion.Testing.Database;

/// <summary>The template databases of a server, one for each combination of migrations; its name tells the migrations' texts.</summary>
internal static class TestTemplate
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Made = new();

    public static async Task<string> GetAsync(TestServer server, MigrationSet[] sets)
    {
        var name = $"minion_tpl_{Fingerprint(sets)}";
        await Made.GetOrAdd(name, _ => new Lazy<Task>(() => MakeAsync(server, name, sets))).Value;
        return name;
    }

    private static Task MakeAsync(TestServer server, string name, MigrationSet[] sets) => server.LockedAsync(async () =>
    {
        // Another test process on the same server may have been faster; a template that is not marked was left half made.
        if (await server.IsTemplateAsync(name))
        {
            return;
        }

        await server.ExecuteAloneAsync($"""DROP DATABASE IF EXISTS "{name}" WITH (FORCE)""");
        await server.ExecuteAloneAsync($"""CREATE DATABASE "{name}" OWNER "{server.Login}" """);
        await using (var services = TestDatabase.Provider(server.LoginConnectionString(name), name, sets))
        {
            await services.GetRequiredService<Migrator>().UpAsync();
        }

        await server.ExecuteAsync($"""ALTER DATABASE "{name}" IS_TEMPLATE true ALLOW_CONNECTIONS false""");
    });

    private static string Fingerprint(MigrationSet[] sets)
    {
        var text = new StringBuilder(typeof(Migrator).Assembly.ManifestModule.ModuleVersionId.ToString());
        foreach (var set in sets)
        {
            text.Append('\n').Append(set.Schema).Append(' ').AppendJoin(',', set.Roles);
            foreach (var migration in set.Read())
            {
                text.Append(' ').Append(migration.UpFile).Append(' ').Append(migration.Checksum);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12];
    }
}
