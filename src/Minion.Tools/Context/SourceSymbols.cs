using System.Text.RegularExpressions;

namespace Minion.Tools.Context;

/// <summary>What source files declare, by the look of their lines: enough to know where to read, not a compiler.</summary>
internal static partial class SourceSymbols
{
    private const int MostForAFile = 30;
    private const int LongestLine = 400;

    /// <summary>The names that a file declares, in order; empty for kinds of files that are not known.</summary>
    public static IReadOnlyList<string> Of(string file, string text)
    {
        var declaration = Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".cs" => CSharp(),
            ".py" => Python(),
            ".js" or ".jsx" or ".ts" or ".tsx" or ".mjs" or ".cjs" => JavaScript(),
            ".go" => Go(),
            ".rs" => Rust(),
            ".java" or ".kt" or ".scala" => Java(),
            ".c" or ".h" or ".cc" or ".cpp" or ".hpp" => C(),
            ".rb" => Ruby(),
            ".php" => Php(),
            ".proto" => Proto(),
            ".sql" => Sql(),
            _ => null,
        };
        var names = new List<string>();
        try
        {
            foreach (var line in declaration is null ? [] : text.Split('\n').Where(line => line.Length is > 3 and <= LongestLine))
            {
                if (declaration!.Match(line) is { Success: true } match && !names.Contains(match.Groups["name"].Value))
                {
                    names.Add(match.Groups["name"].Value);
                    if (names.Count == MostForAFile)
                    {
                        break;
                    }
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // A line that takes this long was made for it, or the machine is very busy: what was found so far is told.
        }

        return names;
    }

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|static|sealed|abstract|partial|readonly|ref|file)\s+)*(?:class|interface|struct|enum|record(?:\s+(?:class|struct))?|delegate\s+\S+)\s+(?<name>\w+)|^\s+public\s+(?:(?:static|async|override|virtual|sealed|readonly)\s+)*[\w<>\[\],.?]+\s+(?<name>\w+)\s*(?:<[^>]*>)?\(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"^\s{0,4}(?:async\s+)?(?:class|def)\s+(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Python();

    [GeneratedRegex(@"^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:class|interface|enum|type|function\*?|const|let)\s+(?<name>[\w$]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JavaScript();

    [GeneratedRegex(@"^(?:func\s+(?:\([^)]{0,80}\)\s*)?|type\s+)(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Go();

    [GeneratedRegex(@"^\s*pub(?:\([^)]*\))?\s+(?:async\s+|unsafe\s+|const\s+)*(?:fn|struct|enum|trait|type|mod|const)\s+(?<name>\w+)|^(?:async\s+)?(?:fn|struct|enum|trait|mod)\s+(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rust();

    [GeneratedRegex(@"^\s*(?:(?:public|private|protected|internal|static|final|abstract|sealed|data|open|case|suspend|override)\s+)*(?:class|interface|enum|record|object|trait|fun|def)\s+(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Java();

    [GeneratedRegex(@"^(?:typedef\s+)?(?:struct|class|enum|union|namespace)\s+(?<name>\w+)|^[A-Za-z_][\w\s*&:<>,]{0,100}?[\s*&](?<name>\w+)\s*\([^;]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex C();

    [GeneratedRegex(@"^\s{0,4}(?:class|module|def)\s+(?:self\.)?(?<name>[\w:?!]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ruby();

    [GeneratedRegex(@"^\s*(?:(?:public|private|protected|static|final|abstract)\s+)*(?:class|interface|trait|enum|function)\s+(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Php();

    [GeneratedRegex(@"^\s*(?:message|service|rpc|enum)\s+(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Proto();

    [GeneratedRegex(@"^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|FUNCTION|INDEX|TYPE)\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<name>[\w.]+)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sql();
}
