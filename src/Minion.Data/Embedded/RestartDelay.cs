namespace Minion.Data.Embedded;

/// <summary>The pause before PostgreSQL is started again: none the first time, then doubled from 100 milliseconds up to 10 seconds.</summary>
internal static class RestartDelay
{
    public static TimeSpan After(int failures) =>
        failures == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(10_000, 100 * Math.Pow(2, failures - 1)));
}
