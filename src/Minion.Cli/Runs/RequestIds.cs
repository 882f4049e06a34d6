namespace Minion.Cli.Runs;

/// <summary>Makes a submission safe to repeat when its answer is lost.</summary>
internal static class RequestIds
{
    public static string Create(TimeProvider time) => "cli-" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
