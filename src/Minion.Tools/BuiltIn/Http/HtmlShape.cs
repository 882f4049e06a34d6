using System.Net;
using System.Text;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>
/// Whether a page is made as pages are. What is nested without end, has very many tags or one endless tag costs a parser of HTML far more
/// than its length; of such a page the tags are cut out, and no more.
/// </summary>
internal static class HtmlShape
{
    private const int MostTags = 100_000;
    private const int LongestTag = 32 * 1024;
    private const int LongestName = 20;
    private const string Comment = "!";

    private static readonly HashSet<string> Hidden = new(StringComparer.OrdinalIgnoreCase) { "script", "style", "template", "svg", "head" };

    public static bool IsUsual(string html)
    {
        var nesting = new HtmlNesting();
        var tags = 0;
        foreach (var tag in Tags(html))
        {
            if (tag.Name != Comment)
            {
                nesting.Follow(tag.Name.ToLowerInvariant(), tag.IsEnd);
                tags += tag.End - tag.Start <= LongestTag ? 1 : MostTags;
            }

            if (tags >= MostTags || nesting.IsExcessive)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text between the tags, one line for each piece.</summary>
    public static ReadablePage Strip(string html)
    {
        var text = new StringBuilder();
        var at = 0;
        string? hidden = null;
        foreach (var tag in Tags(html))
        {
            if (hidden is null)
            {
                Append(text, html.AsSpan(at, tag.Start - at));
            }

            hidden = HiddenAfter(tag, hidden);
            at = tag.End;
            if (text.Length >= ReadableWriter.Most)
            {
                break;
            }
        }

        if (hidden is null)
        {
            Append(text, html.AsSpan(at));
        }

        var all = text.ToString().Trim();
        return new ReadablePage("", Files.Lines.Cut(all, ReadableWriter.Most), all.Length > ReadableWriter.Most);
    }

    /// <summary>The element that hides what comes after the tag; null when none does.</summary>
    private static string? HiddenAfter(Tag tag, string? hidden)
    {
        if (hidden is null)
        {
            return !tag.IsEnd && Hidden.Contains(tag.Name) ? tag.Name : null;
        }

        return tag.IsEnd && tag.Name.Equals(hidden, StringComparison.OrdinalIgnoreCase) ? null : hidden;
    }

    private static void Append(StringBuilder text, ReadOnlySpan<char> piece)
    {
        var trimmed = piece.Trim();
        if (trimmed.Length > 0)
        {
            text.Append(WebUtility.HtmlDecode(trimmed.ToString())).Append('\n');
        }
    }

    private static IEnumerable<Tag> Tags(string html)
    {
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at))
        {
            if (TagAt(html, at) is not { } tag)
            {
                at++;
                continue;
            }

            yield return tag;
            at = tag.End;

            // In these a < starts no tag but their own end.
            if (!tag.IsEnd && tag.Name.ToLowerInvariant() is "script" or "style")
            {
                var end = html.IndexOf("</" + tag.Name, at, StringComparison.OrdinalIgnoreCase);
                at = end < 0 ? html.Length : end;
            }
        }
    }

    private static Tag? TagAt(string html, int at)
    {
        if (html[at + 1] is '!' or '?')
        {
            var last = html.AsSpan(at).StartsWith("<!--") ? "-->" : ">";
            var found = html.IndexOf(last, at + 1, StringComparison.Ordinal);
            return new Tag(Comment, IsEnd: false, at, found < 0 ? html.Length : found + last.Length);
        }

        var isEnd = html[at + 1] == '/';
        var name = at + (isEnd ? 2 : 1);
        if (name >= html.Length || !char.IsAsciiLetter(html[name]))
        {
            return null;
        }

        var close = html.IndexOf('>', name);
        var end = close < 0 ? html.Length : close + 1;
        var nameEnd = name;
        while (nameEnd < end && nameEnd < name + LongestName && char.IsAsciiLetterOrDigit(html[nameEnd]))
        {
            nameEnd++;
        }

        return new Tag(html[name..nameEnd], isEnd, at, end);
    }

    private readonly record struct Tag(string Name, bool IsEnd, int Start, int End);
}
