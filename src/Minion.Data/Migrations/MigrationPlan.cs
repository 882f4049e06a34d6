using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Migrations;

/// <summary>Decides what to apply and what to take back, from what the program carries and what the database remembers.</summary>
internal static class MigrationPlan
{
    /// <exception cref="Fault">FAILED_PRECONDITION: the database does not fit this program.</exception>
    public static IReadOnlyList<Migration> Up(string schema, IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        Check(schema, known, applied);
        var last = applied.Count == 0 ? 0 : applied.Max(a => a.Version);
        var pending = known.Where(k => applied.All(a => a.Version != k.Version)).ToList();
        return pending.Find(p => p.Version < last) is { } late
            ? throw Refused(
                "MIGRATION_OUT_OF_ORDER",
                $"Migration {late.UpFile} of schema '{schema}' was never applied, but version {last:000} was.",
                "Give the migration a number after the last one.")
            : pending;
    }

    /// <summary>What to take back to reach <paramref name="target"/>, newest first.</summary>
    /// <exception cref="Fault">FAILED_PRECONDITION: the database does not fit this program, or a file to go down with is missing.</exception>
    public static IReadOnlyList<Migration> Down(
        string schema, int target, IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        Check(schema, known, applied);
        var back = applied
            .Where(a => a.Version > target)
            .OrderByDescending(a => a.Version)
            .Select(a => known.Single(k => k.Version == a.Version))
            .ToList();
        return back.Find(m => m.Down is null) is { } stuck
            ? throw Refused(
                "MIGRATION_WITHOUT_DOWN",
                $"Migration {stuck.UpFile} of schema '{schema}' has no file to go down with.",
                $"Add {stuck.DownFile}, or restore a backup.")
            : back;
    }

    private static void Check(string schema, IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        var newest = known.Count == 0 ? 0 : known.Max(k => k.Version);
        var last = applied.OrderByDescending(a => a.Version).FirstOrDefault();
        if (last?.Version > newest)
        {
            throw Refused(
                "SCHEMA_NEWER_THAN_PROGRAM",
                $"Schema '{schema}' is at version {last.Version:000} ({last.UpFile}), this program knows versions up to {newest:000}.",
                "Run the newer program again, or let it take its migrations back before you run this one.");
        }

        foreach (var done in applied)
        {
            var file = known.FirstOrDefault(k => k.Version == done.Version) ?? throw Refused(
                "MIGRATION_MISSING",
                $"Migration {done.UpFile} of schema '{schema}' was applied, but this program does not have it.",
                "Run a program that was built with this file.");
            if (file.Checksum != done.Checksum)
            {
                throw Refused(
                    "MIGRATION_CHANGED",
                    $"Migration {file.UpFile} of schema '{schema}' was applied with another text than this program's.",
                    "An applied migration must never change: restore its text and put the change into a new migration.");
            }
        }
    }

    private static Fault Refused(string reason, string message, string hint) => new(StatusCode.FailedPrecondition, reason, message, hint);
}
