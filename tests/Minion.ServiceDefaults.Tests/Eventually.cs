namespace Minion.ServiceDefaults.Tests;

/// <summary>Waits on a condition, with a deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(deadline).ShouldBeLessThan(TimeSpan.FromSeconds(60), what);
            await Task.Yield();
        }
    }
}
