using System.Text;
using AngleSharp.Dom;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>Writes the nodes of a page as text, in the manner of Markdown.</summary>
internal sealed class ReadableWriter(Uri page)
{
    /// <summary>Characters that a text may have.</summary>
    public const int Most = 400_000;

    private const int DeepestIndent = 6;

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "address", "article", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tr", "ul",
    };

    private readonly StringBuilder _text = new();
    private readonly Stack<int> _links = new();
    private readonly Stack<int?> _lists = new();
    private readonly Stack<int> _cells = new();
    private int _lineEnds;
    private bool _space;
    private int _preformatted;

    public bool IsFull => _text.Length >= Most;

    public void Enter(INode node)
    {
        if (node is IText text)
        {
            Write(text.Data);
        }
        else if (node is IElement element)
        {
            Open(element);
        }
    }

    public void Leave(INode node)
    {
        if (node is not IElement element)
        {
            return;
        }

        switch (element.LocalName)
        {
            case "a":
                CloseLink(element);
                break;
            case "pre":
                _preformatted--;
                Line();
                Raw("```");
                break;
            case "code" when _preformatted == 0:
                Raw("`");
                break;
            case "ul" or "ol":
                _lists.TryPop(out _);
                break;
            case "tr":
                _cells.TryPop(out _);
                break;
        }

        if (Blocks.Contains(element.LocalName))
        {
            Break(element);
        }
    }

    public string Finish()
    {
        var end = Math.Min(_text.Length, Most);
        return _text.ToString(0, end > 0 && char.IsHighSurrogate(_text[end - 1]) ? end - 1 : end).Trim();
    }

    private void Open(IElement element)
    {
        if (Blocks.Contains(element.LocalName))
        {
            Break(element);
        }

        switch (element.LocalName)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                Raw(new string('#', element.LocalName[1] - '0') + " ");
                break;
            case "ul":
                _lists.Push(null);
                break;
            case "ol":
                _lists.Push(1);
                break;
            case "li":
                Raw(Bullet());
                break;
            case "br":
                Line();
                break;
            case "hr":
                Raw("---");
                break;
            case "tr":
                _cells.Push(0);
                break;
            case "td" or "th":
                Cell();
                break;
            case "pre":
                Raw("```\n");
                _preformatted++;
                break;
            case "code" when _preformatted == 0:
                Raw("`");
                break;
            case "img" when element.GetAttribute("alt") is { Length: > 0 } alt:
                Write($"[image: {alt}]");
                break;
            case "a":
                Flush();
                _links.Push(_text.Length);
                break;
        }
    }

    private void Cell()
    {
        if (_cells.TryPop(out var before))
        {
            _cells.Push(before + 1);
            if (before > 0)
            {
                Raw(" | ");
            }
        }
    }

    private string Bullet()
    {
        var indent = new string(' ', 2 * Math.Clamp(_lists.Count - 1, 0, DeepestIndent));
        if (!_lists.TryPop(out var number))
        {
            return indent + "- ";
        }

        _lists.Push(number + 1);
        return number is null ? indent + "- " : $"{indent}{number}. ";
    }

    private void CloseLink(IElement link)
    {
        if (!_links.TryPop(out var start))
        {
            return;
        }

        while (start < _text.Length && char.IsWhiteSpace(_text[start]))
        {
            start++;
        }

        if (_text.Length > start
            && link.GetAttribute("href") is { Length: > 0 } href
            && href[0] != '#'
            && Uri.TryCreate(page, href.Trim(), out var target)
            && (target.Scheme == Uri.UriSchemeHttp || target.Scheme == Uri.UriSchemeHttps))
        {
            _text.Insert(start, '[');
            _text.Append("](").Append(target.AbsoluteUri.Replace(")", "%29", StringComparison.Ordinal)).Append(')');
        }
    }

    private void Write(string text)
    {
        if (_preformatted > 0)
        {
            Raw(text);
            return;
        }

        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character))
            {
                _space = true;
            }
            else
            {
                Flush();
                _text.Append(character);
            }
        }
    }

    private void Raw(string text)
    {
        Flush();
        _text.Append(text);
    }

    /// <summary>Writes the line ends or the space that is due before what comes next.</summary>
    private void Flush()
    {
        if (_text.Length > 0 && _lineEnds > 0)
        {
            _text.Append('\n', _lineEnds);
        }
        else if (_space && _text.Length > 0 && _text[^1] is not ('\n' or ' '))
        {
            _text.Append(' ');
        }

        (_lineEnds, _space) = (0, false);
    }

    private void Line() => _lineEnds = Math.Max(_lineEnds, 1);

    private void Break(IElement element) =>
        _lineEnds = Math.Max(_lineEnds, element.LocalName is "li" or "tr" or "dt" or "dd" || _lists.Count > 0 ? 1 : 2);
}
