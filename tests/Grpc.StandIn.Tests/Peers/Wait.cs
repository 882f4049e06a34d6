using System.Diagnostics;

namespace Grpc.StandIn.Tests;

internal static class Wait
{
    /// <summary>Until the condition holds, at most ten seconds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), "the condition should hold by now");
            await Task.Delay(5);
        }
    }
}
