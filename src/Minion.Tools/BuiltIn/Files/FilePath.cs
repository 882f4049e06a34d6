using System.Text;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>
/// A path inside a root: names from the root down, none of which leads up or means another place on some system. Where it leads is decided by
/// <see cref="RootedFolder"/>; what could only be meant to lead elsewhere is refused here.
/// </summary>
internal sealed class FilePath
{
    public const int LongestPath = 1024;

    private const int LongestName = 255;
    private const int Deepest = 32;

    /// <summary>The root itself.</summary>
    public static readonly FilePath Root = new([]);

    private FilePath(string[] names)
    {
        Names = names;
    }

    /// <summary>From the root down; empty for the root itself.</summary>
    public IReadOnlyList<string> Names { get; }

    public bool IsRoot => Names.Count == 0;

    public string Name => IsRoot ? "" : Names[^1];

    public FilePath Parent => new([.. Names.Take(Names.Count - 1)]);

    /// <summary>Of something that was listed, whatever its name.</summary>
    public FilePath Child(string name) => new([.. Names, name]);

    /// <exception cref="FileRefusal">It is no path inside a root.</exception>
    public static FilePath Parse(string text)
    {
        if (Problem(text) is { } problem)
        {
            throw new FileRefusal($"'{Shown(text)}' cannot be used as a path: {problem}.", "Give a path inside the workspace, for example notes/today.md.");
        }

        string[] names = [.. text.Split('/').Where(name => name is not ("" or "."))];
        return Array.Find(names, name => NameProblem(name) is not null) is { } bad
            ? throw new FileRefusal($"'{Shown(bad)}' cannot be used in a path: {NameProblem(bad)}.", "Use letters, digits, dots, dashes and underscores.")
            : names.Length > Deepest ? throw new FileRefusal($"The path has {names.Length} folders; at most {Deepest} are allowed.", "Use fewer folders.")
            : new FilePath(names);
    }

    public override string ToString() => IsRoot ? "." : string.Join('/', Names);

    private static string? Problem(string text) => text switch
    {
        { Length: > LongestPath } => $"it has more than {LongestPath} characters",
        ['/', ..] or ['~', ..] => "it does not start inside the workspace",
        [_, ':', ..] when char.IsAsciiLetter(text[0]) => "it names a drive",
        _ when text.Any(char.IsControl) => "it has control characters",
        _ when text.Contains('\\', StringComparison.Ordinal) => "it has a backslash; folders are divided by /",
        _ when !IsUnicode(text) => "it has half of a surrogate pair, which is no character",
        _ => null,
    };

    private static string? NameProblem(string name) =>
        name.All(character => character is '.' or ' ') ? "it leads out of its folder, or is no name"
        : Encoding.UTF8.GetByteCount(name) > LongestName ? $"it has more than {LongestName} bytes"
        : IsPercentEncoded(name) ? "it is percent-encoded"
        : name.StartsWith(RootedFolder.TemporaryPrefix, StringComparison.Ordinal) ? "names like this are kept for files being written"
        : null;

    /// <summary>Such a name means nothing by itself; whoever sends it hopes that somebody decodes it.</summary>
    private static bool IsPercentEncoded(string name)
    {
        for (var at = name.IndexOf('%', StringComparison.Ordinal); at >= 0 && at + 2 < name.Length; at = name.IndexOf('%', at + 1))
        {
            if (name[at + 1] is 'u' or 'U' || (char.IsAsciiHexDigit(name[at + 1]) && char.IsAsciiHexDigit(name[at + 2])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnicode(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }

    private static string Shown(string text)
    {
        var start = text.Length <= 100 ? text : text[..(char.IsHighSurrogate(text[99]) ? 99 : 100)] + "…";
        return string.Concat(start.EnumerateRunes().Select(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString()));
    }
}

/// <summary>What was asked of the files is not done; the model reads why.</summary>
internal sealed class FileRefusal(string message, string hint) : Exception(message)
{
    public ToolFailure Failure { get; } = ToolOutcome.Failed(message, hint);
}
