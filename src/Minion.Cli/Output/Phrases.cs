using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Minion.Cli.Output;

/// <summary>Small pieces of text, the same in every verb.</summary>
internal static class Phrases
{
    /// <summary>One line of at most <paramref name="length"/> characters.</summary>
    public static string Short(string text, int length = 100)
    {
        var line = Printable(text.ReplaceLineEndings(" ").Trim());
        return line.Length <= length ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[length - 2]) ? length - 2 : length - 1), "…");
    }

    /// <summary>What models and tools write, without what would steer the terminal (escape sequences and other control characters).</summary>
    public static string Printable(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && text.AsSpan().IndexOfAnyInRange('\u007f', '\u009f') < 0
            ? text
            : string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? (c == '\r' ? "" : "\ufffd") : c.ToString()));

    public static string Ago(Timestamp? at, DateTimeOffset now) => at is null ? "" : For(now - at.ToDateTimeOffset()) + " ago";

    public static string For(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalMilliseconds):0} ms"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)time.TotalHours} h",
        _ => $"{(int)time.TotalDays} days",
    };

    public static string Took(Timestamp? from, Timestamp? to) =>
        from is null || to is null ? "" : For(to.ToDateTimeOffset() - from.ToDateTimeOffset());

    /// <summary>The last part of an enum's name, as the .proto writes it: <c>RunStatus.Completed</c> is "completed".</summary>
    public static string Word<T>(T value)
        where T : struct, System.Enum =>
        value.ToString().ToLowerInvariant();

    /// <summary>In powers of a thousand, as disks are sold.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 999_500 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        < 999_500_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Count(long number, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? one : many ?? one + "s")}");
}
