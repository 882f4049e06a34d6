namespace Minion.Orchestration.Runs.Journal;

/// <summary>Text as PostgreSQL can hold it: no NUL, no lone surrogates.</summary>
internal static class StoredText
{
    private const char NulSymbol = '\u2400';
    private const char Replacement = '\uFFFD';

    /// <summary>NUL becomes its visible symbol U+2400, a lone surrogate U+FFFD; anything else stays.</summary>
    public static string Clean(string text)
    {
        var bad = FirstBad(text);
        return bad < 0 ? text : Replace(text, bad);
    }

    /// <summary>The same for JSON text, in which NUL is written as an escape.</summary>
    public static string CleanJson(string json)
    {
        var at = json.IndexOf("\\u0000", StringComparison.Ordinal);
        while (at >= 0)
        {
            var backslashes = 0;
            while (at - backslashes - 1 >= 0 && json[at - backslashes - 1] == '\\')
            {
                backslashes++;
            }

            if (backslashes % 2 == 0)
            {
                json = string.Concat(json.AsSpan(0, at), "\\u2400", json.AsSpan(at + 6));
            }

            at = json.IndexOf("\\u0000", at + 6, StringComparison.Ordinal);
        }

        return json;
    }

    private static int FirstBad(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0' || (char.IsSurrogate(c) && !IsPair(text, i)))
            {
                return i;
            }

            if (char.IsHighSurrogate(c))
            {
                i++;
            }
        }

        return -1;
    }

    private static string Replace(string text, int from) => string.Create(text.Length, (text, from), static (span, s) =>
    {
        s.text.CopyTo(span);
        for (var i = s.from; i < span.Length; i++)
        {
            if (span[i] == '\0')
            {
                span[i] = NulSymbol;
            }
            else if (char.IsSurrogate(span[i]))
            {
                if (IsPair(s.text, i))
                {
                    i++;
                }
                else
                {
                    span[i] = Replacement;
                }
            }
        }
    });

    private static bool IsPair(string text, int i) => i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
}
