namespace Minion.Data.Migrations;

/// <summary>One statement of a file, and the line that it begins on (from 1).</summary>
internal sealed record SqlStatement(string Text, int Line);

/// <summary>
/// Splits SQL at its semicolons, but not at those in strings, quoted names, dollar quotes and comments
/// (PostgreSQL's manual, section 4.1, Lexical Structure).
/// </summary>
internal static class SqlStatements
{
    public static IReadOnlyList<SqlStatement> Split(string sql)
    {
        var statements = new List<SqlStatement>();
        var start = 0;
        var hasCode = false;
        for (var i = 0; i < sql.Length;)
        {
            if (sql[i] == ';')
            {
                Add(statements, sql, start, i, hasCode);
                start = ++i;
                hasCode = false;
                continue;
            }

            var end = TokenEnd(sql, i);
            hasCode |= !char.IsWhiteSpace(sql[i]) && !IsComment(sql, i);
            i = end;
        }

        Add(statements, sql, start, sql.Length, hasCode);
        return statements;
    }

    private static void Add(List<SqlStatement> statements, string sql, int start, int end, bool hasCode)
    {
        if (hasCode)
        {
            var text = sql[start..end];
            var code = FirstCode(sql, start);
            statements.Add(new SqlStatement(text[(code - start)..].TrimEnd(), 1 + sql.AsSpan(0, code).Count('\n')));
        }
    }

    private static int FirstCode(string sql, int i)
    {
        while (char.IsWhiteSpace(sql[i]) || IsComment(sql, i))
        {
            i = TokenEnd(sql, i);
        }

        return i;
    }

    private static bool IsComment(string sql, int i) => At(sql, i, "--") || At(sql, i, "/*");

    private static int TokenEnd(string sql, int i) => sql[i] switch
    {
        '-' when At(sql, i, "--") => After(sql, "\n", i),
        '/' when At(sql, i, "/*") => CommentEnd(sql, i),
        '\'' => QuoteEnd(sql, i, '\'', escapes: i > 0 && sql[i - 1] is 'E' or 'e'),
        '"' => QuoteEnd(sql, i, '"', escapes: false),
        '$' when i == 0 || !IsNamePart(sql[i - 1]) => DollarQuoteEnd(sql, i),
        _ => i + 1,
    };

    /// <summary>Comments may be nested.</summary>
    private static int CommentEnd(string sql, int i)
    {
        var depth = 0;
        while (i < sql.Length)
        {
            if (At(sql, i, "/*"))
            {
                depth++;
                i += 2;
            }
            else if (At(sql, i, "*/"))
            {
                i += 2;
                if (--depth == 0)
                {
                    return i;
                }
            }
            else
            {
                i++;
            }
        }

        return i;
    }

    /// <summary>A doubled quote ends one string and begins the next, which comes to the same.</summary>
    private static int QuoteEnd(string sql, int i, char quote, bool escapes)
    {
        for (i++; i < sql.Length && sql[i] != quote; i++)
        {
            i += escapes && sql[i] == '\\' ? 1 : 0;
        }

        return Math.Min(sql.Length, i + 1);
    }

    private static int DollarQuoteEnd(string sql, int i)
    {
        var end = i + 1;
        while (end < sql.Length && IsNamePart(sql[end]))
        {
            end++;
        }

        return end < sql.Length && sql[end] == '$' && !char.IsAsciiDigit(sql[i + 1]) ? After(sql, sql[i..(end + 1)], end + 1) : i + 1;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool At(string sql, int i, string what) => string.CompareOrdinal(sql, i, what, 0, what.Length) == 0;

    private static int After(string sql, string what, int from) =>
        sql.IndexOf(what, from, StringComparison.Ordinal) is >= 0 and var at ? at + what.Length : sql.Length;
}
