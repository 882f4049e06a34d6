namespace Minion.Yaml;

/// <summary>What no store takes: PostgreSQL stores no NUL, and UTF-8 has no lone surrogates.</summary>
public static class StorableText
{
    /// <summary>Why <paramref name="text"/> cannot be stored; empty when it can.</summary>
    public static IEnumerable<string> Problems(string text)
    {
        if (text.Contains('\0'))
        {
            yield return "contains the character U+0000, which cannot be stored; remove it.";
        }

        if (HasLoneSurrogate(text))
        {
            yield return "contains half of a surrogate pair, which is no character; remove it.";
        }
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
