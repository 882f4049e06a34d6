using System.Reflection;
using System.Text.RegularExpressions;

namespace Minion.Data.Migrations;

/// <summary>Reads the migrations that are embedded in an assembly.</summary>
internal static partial class MigrationFiles
{
    public static IReadOnlyList<Migration> Read(string schema, Assembly assembly)
    {
        var files = assembly.GetManifestResourceNames()
            .Select(resource => (resource, match: Pattern().Match(resource)))
            .Where(f => f.match.Success)
            .Select(f => (
                f.resource,
                version: int.Parse(f.match.Groups["version"].ValueSpan),
                name: f.match.Groups["name"].Value,
                up: f.match.Groups["direction"].ValueSpan is "up"))
            .ToList();

        var migrations = files
            .Where(f => f.up)
            .OrderBy(f => f.version)
            .Select(f => new Migration(
                f.version,
                f.name,
                Text(assembly, f.resource),
                files.Where(d => !d.up && d.version == f.version).Select(d => Text(assembly, d.resource)).SingleOrDefault()))
            .ToList();

        var twice = migrations.GroupBy(m => m.Version).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? migrations
            : throw new InvalidOperationException(
                $"Schema '{schema}': two migrations have the number {twice.Key:000}: {string.Join(", ", twice.Select(m => m.UpFile))}.");
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(
        @"(^|[./])Migrations[./](?<version>[0-9]{3})_(?<name>[a-z0-9_]+)\.(?<direction>up|down)\.sql$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
