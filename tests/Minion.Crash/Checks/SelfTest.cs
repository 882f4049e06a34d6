using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>Violates invariants on purpose, one at a time, to see that their checks notice.</summary>
internal sealed class SelfTest(Database database, IReadOnlyList<Invariant> invariants)
{
    public const string All = "all";

    /// <summary>Violates and checks those of the name, or all; returns the names of those whose violation was not noticed.</summary>
    public async Task<List<string>> RunAsync(string name, TextWriter output)
    {
        var unnoticed = new List<string>();
        foreach (var invariant in invariants.Where(i => name == All || i.Name == name))
        {
            var found = await ViolateAsync(invariant);
            var line = found.Count > 0 ? $"  red       {invariant.Name}: {found[0]}" : $"  UNNOTICED {invariant.Name}: {invariant.Says}";
            await output.WriteLineAsync(line);
            if (found.Count == 0)
            {
                unnoticed.Add(invariant.Name);
            }
        }

        return unnoticed;
    }

    private async Task<IReadOnlyList<string>> ViolateAsync(Invariant invariant)
    {
        switch (invariant.Sabotage)
        {
            case Sabotage.OfDatabase { Statement: var sql }:
                await using (await database.TamperAsync(sql))
                {
                    return await invariant.FindAsync(DateTime.UnixEpoch);
                }

            case Sabotage.OfMemory memory:
                var undo = memory.Begin();
                try
                {
                    return await invariant.FindAsync(DateTime.UnixEpoch);
                }
                finally
                {
                    undo();
                }

            default:
                throw new InvalidOperationException($"Nothing violates {invariant.Name}.");
        }
    }
}
