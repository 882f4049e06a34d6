namespace Minion.Tools.BuiltIn.Http;

/// <summary>
/// Follows the tags of a page as a parser of HTML would, roughly: how deep it is in, and how many tags mean nothing where they stand. Those
/// cost too: the text around each is put together again.
/// </summary>
internal sealed class HtmlNesting
{
    private const int Deepest = 200;
    private const int DeepestFormatting = 16;
    private const int MostStray = 2_000;

    /// <summary>Those that a parser opens again in each block while they are open (HTML, section 13.2.4.3).</summary>
    private static readonly HashSet<string> Formatting =
        ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

    private static readonly HashSet<string> Void =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

    /// <summary>Those whose end is often left out.</summary>
    private static readonly HashSet<string> EndsItself = ["p", "li", "dt", "dd", "option", "optgroup"];

    private static readonly HashSet<string> OfTables = ["caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"];

    private static readonly HashSet<string> OfDocuments = ["html", "head", "body", "frame", "frameset"];

    private readonly List<string> _open = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _formatting;
    private int _stray;

    /// <summary>Whether it goes beyond what pages have.</summary>
    public bool IsExcessive => _open.Count > Deepest || _formatting > DeepestFormatting || _stray > MostStray;

    /// <param name="name">The tag's name in lower case.</param>
    /// <param name="isEnd">Whether it is an end tag.</param>
    public void Follow(string name, bool isEnd)
    {
        if (OfTables.Contains(name))
        {
            _stray += _open.Contains("table") ? 0 : 1;
        }
        else if (OfDocuments.Contains(name) || EndsItself.Contains(name))
        {
            Count(name, isEnd);
        }
        else if (Void.Contains(name))
        {
            _stray += isEnd ? 1 : 0;
        }
        else if (isEnd)
        {
            Close(name);
        }
        else
        {
            _open.Add(name);
            _formatting += Formatting.Contains(name) ? 1 : 0;
        }
    }

    private void Count(string name, bool isEnd)
    {
        var count = _counts.GetValueOrDefault(name);
        var means = isEnd ? count > 0 : count == 0 || EndsItself.Contains(name);
        _stray += means ? 0 : 1;
        _counts[name] = Math.Max(0, count + (isEnd ? -1 : 1));
    }

    private void Close(string name)
    {
        var at = _open.LastIndexOf(name);
        if (at < 0)
        {
            _stray++;
            return;
        }

        for (var i = _open.Count - 1; i >= at; i--)
        {
            // A formatting element that is not closed itself stays open in what follows.
            if (i == at || !Formatting.Contains(_open[i]))
            {
                _formatting -= Formatting.Contains(_open[i]) ? 1 : 0;
                _open.RemoveAt(i);
            }
        }
    }
}
