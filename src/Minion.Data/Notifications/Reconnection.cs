namespace Minion.Data.Notifications;

/// <summary>How long to wait before the next attempt to connect: doubled from 50 milliseconds up to 2 seconds.</summary>
internal static class Reconnection
{
    public static TimeSpan Delay(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(2_000, 50 * Math.Pow(2, Math.Max(0, failures - 1))));
}
