using Minion.Crash.Arena;

namespace Minion.Crash.Checks;

/// <summary>For what may be wrong for a moment, and not for long.</summary>
internal static class Patience
{
    /// <summary>Asks again until nothing is wrong; returns what is so for as long as things are given to come right. What was spoilt on purpose does not.</summary>
    public static async Task<IReadOnlyList<string>> WhileAsync(Database database, Func<Task<IReadOnlyList<string>>> wrong)
    {
        var begun = Environment.TickCount64;
        while (true)
        {
            var found = await wrong();
            if (found.Count == 0 || database.IsTampered || Environment.TickCount64 - begun > Timings.Recovery.TotalMilliseconds)
            {
                return found;
            }

            await Task.Delay(100);
        }
    }
}
