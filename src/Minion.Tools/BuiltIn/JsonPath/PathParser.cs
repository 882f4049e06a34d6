namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>Reads a path (RFC 9535): the root, segments and their selectors. Conditions are read by <see cref="ConditionParser"/>.</summary>
internal sealed class PathParser
{
    private readonly PathText _text;
    private readonly ConditionParser _conditions;

    private PathParser(string path)
    {
        _text = new PathText(path);
        _conditions = new ConditionParser(_text, Segments);
    }

    /// <exception cref="PathError">It is no path.</exception>
    public static IReadOnlyList<Segment> Parse(string path)
    {
        var parser = new PathParser(path);
        parser._text.Expect("$");
        var segments = parser.Segments();
        return parser._text.IsAtEnd ? segments : throw parser._text.Error($"'{parser._text.Next}' is not expected");
    }

    private List<Segment> Segments()
    {
        var segments = new List<Segment>();
        while (true)
        {
            var before = _text.At;
            _text.SkipBlank();
            if (Segment() is not { } segment)
            {
                _text.GoBack(before);
                return segments;
            }

            segments.Add(segment);
        }
    }

    private Segment? Segment()
    {
        if (_text.Take(".."))
        {
            return new Segment(_text.Next == '[' ? Bracketed() : [Shorthand()], Descends: true);
        }

        if (_text.Take("."))
        {
            return new Segment([Shorthand()], Descends: false);
        }

        return _text.Next == '[' ? new Segment(Bracketed(), Descends: false) : null;
    }

    private Selector Shorthand() => _text.Take("*") ? new WildcardSelector() : new NameSelector(_text.Name());

    private List<Selector> Bracketed()
    {
        _text.Expect("[");
        var selectors = new List<Selector>();
        do
        {
            _text.SkipBlank();
            selectors.Add(Selector());
            _text.SkipBlank();
        }
        while (_text.Take(","));

        _text.Expect("]");
        return selectors;
    }

    private Selector Selector()
    {
        switch (_text.Next)
        {
            case '*':
                _text.Expect("*");
                return new WildcardSelector();
            case '\'' or '"':
                return new NameSelector(_text.Quoted());
            case '?':
                _text.Expect("?");
                _text.SkipBlank();
                return new FilterSelector(_conditions.Condition());
            default:
                return IndexOrSlice();
        }
    }

    private Selector IndexOrSlice()
    {
        var start = _text.Integer();
        var afterStart = _text.At;
        _text.SkipBlank();
        if (!_text.Take(":"))
        {
            _text.GoBack(afterStart);
            return start is { } index
                ? new IndexSelector(index)
                : throw _text.Error(_text.IsAtEnd ? "the path ends inside brackets" : $"'{_text.Next}' is not expected; a name in quotes, a number, *, : or ? is");
        }

        _text.SkipBlank();
        var end = _text.Integer();
        var afterEnd = _text.At;
        _text.SkipBlank();
        long? step = null;
        if (_text.Take(":"))
        {
            var afterColon = _text.At;
            _text.SkipBlank();
            step = _text.Integer();
            _text.GoBack(step is null ? afterColon : _text.At);
        }
        else
        {
            _text.GoBack(afterEnd);
        }

        return new SliceSelector(start, end, step ?? 1);
    }
}
