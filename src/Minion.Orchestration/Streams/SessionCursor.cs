using System.Globalization;

namespace Minion.Orchestration.Streams;

/// <summary>Where a stream of a session stands.</summary>
/// <param name="Turn">The message with which the newest turn began; 0 before the first.</param>
/// <param name="Run">The run of that turn.</param>
/// <param name="Within">Where its stream stands.</param>
internal readonly record struct SessionCursor(long Turn, Guid Run, RunCursor Within)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Turn}.{Run:N}.{Within}");

    /// <summary>Null when the text is not a cursor.</summary>
    public static SessionCursor? Parse(string text)
    {
        var parts = text.Split('.', 3);
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var turn)
            && Guid.TryParseExact(parts[1], "N", out var run)
            && RunCursor.Parse(parts[2]) is { } within
            ? new SessionCursor(turn, run, within)
            : null;
    }
}
