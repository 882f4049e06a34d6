using System.Buffers;
using System.IO.Enumeration;
using Minion.Contracts.Tools.V1;

namespace Minion.Orchestration.Agents;

/// <summary>
/// Which tools an agent has, as its <c>tools</c> say: names, names with a version (<c>name@1.2.0</c>), patterns in which <c>*</c> stands for any
/// characters, and, with a leading <c>-</c>, what it does not have although a pattern means it. What is taken away counts, wherever it stands.
/// </summary>
internal sealed class ToolSelection
{
    public const string Form =
        "is not the name of a tool (1 to 64 lower-case letters, digits and underscores, starting with a letter), nor name@version, nor a pattern with *, nor one of these after -";

    /// <summary>The tool that gives results in pages which were too long for the model.</summary>
    public const string ReadResult = "read_result";

    private const char Deny = '-';
    private const char Wildcard = '*';
    private const int LongestName = 64;
    private const int LongestVersion = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_*");

    private readonly IReadOnlyList<string> _denied;

    public ToolSelection(IEnumerable<string> entries)
    {
        var all = entries.ToList();
        _denied = [.. all.Where(e => e[0] == Deny).Select(e => e[1..])];
        Patterns = [.. all.Where(e => e[0] != Deny && e.Contains(Wildcard, StringComparison.Ordinal))];
        Names = [.. all.Where(e => e[0] != Deny && !e.Contains(Wildcard, StringComparison.Ordinal) && !IsDenied(NameOf(e)))];
    }

    /// <summary>Those that are named in full, with their version where they have one.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that mean several.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>Whether a tool is meant: one that is named in full, or one that a pattern means and that is approved, unless it is taken away.</summary>
    public bool Has(Tool tool) =>
        Names.Any(n => NameOf(n) == tool.Name) || (tool.Status == ToolStatus.Approved && Patterns.Any(p => Matches(p, tool.Name)) && !IsDenied(tool.Name));

    /// <summary>Whether a tool is had without being named: the one that gives long results in pages goes with all that can have such, unless it is taken away.</summary>
    public bool Brings(Tool tool) => tool is { Name: ReadResult, Status: ToolStatus.Approved } && !IsDenied(tool.Name);

    /// <summary>As a call names the tool: with the version that the list asks for, where it does.</summary>
    public static string CallNameOf(IEnumerable<string> entries, string tool) =>
        entries.FirstOrDefault(e => e.Length > tool.Length && e[tool.Length] == '@' && e.StartsWith(tool, StringComparison.Ordinal)) ?? tool;

    /// <summary>Whether a text can stand in the list.</summary>
    public static bool IsEntry(string entry)
    {
        var rest = entry.StartsWith(Deny) ? entry.AsSpan(1) : entry;
        var at = rest.IndexOf('@');
        var name = at < 0 ? rest : rest[..at];
        var isPattern = name.Contains(Wildcard);
        return name.Length is >= 1 and <= LongestName
            && (char.IsAsciiLetterLower(name[0]) || name[0] == Wildcard)
            && name.IndexOfAnyExcept(Allowed) < 0
            && (at < 0 || (!isPattern && IsVersion(rest[(at + 1)..])));
    }

    /// <summary>The name without its version.</summary>
    public static string NameOf(string entry) => entry.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? entry[..at] : entry;

    private static bool IsVersion(ReadOnlySpan<char> version)
    {
        foreach (var c in version)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '+'))
            {
                return false;
            }
        }

        return version.Length is >= 1 and <= LongestVersion;
    }

    private bool IsDenied(string name) => _denied.Any(d => Matches(NameOf(d), name));

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
