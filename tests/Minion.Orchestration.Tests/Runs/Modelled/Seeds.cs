using System.Globalization;
using FsCheck;

namespace Minion.Orchestration.Tests.Runs.Modelled;

/// <summary>
/// Random, but the same each time, so that a change is judged by the change: <c>MINION_TEST_SEED</c> is a number for others, or <c>random</c>. A failure
/// prints the seed that it was found with.
/// </summary>
internal static class Seeds
{
    private const ulong Usual = 20_261_120;

    public static Config Of(int runs, int largest)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(runs).WithEndSize(largest);
        var given = Environment.GetEnvironmentVariable("MINION_TEST_SEED");
        return given == "random"
            ? config
            : config.WithReplay(ulong.TryParse(given, CultureInfo.InvariantCulture, out var seed) ? seed : Usual, 1);
    }
}
