using System.Diagnostics;

namespace Minion.EndToEnd.Tests.Programs;

internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until the condition holds; fails with <paramref name="otherwise"/> after a minute.</summary>
    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise) => TrueAsync(() => Task.FromResult(condition()), otherwise);

    /// <summary>Waits until the condition holds; fails with <paramref name="otherwise"/> after a minute.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException(otherwise());
            }

            await Task.Delay(20);
        }
    }
}
