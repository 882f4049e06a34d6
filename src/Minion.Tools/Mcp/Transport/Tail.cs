namespace Minion.Tools.Mcp.Transport;

/// <summary>The last characters of a text that has no end.</summary>
internal sealed class Tail
{
    private const int Most = 2_000;
    private readonly Lock _lock = new();
    private string _text = "";

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.Trim();
            }
        }
    }

    public void Add(ReadOnlySpan<char> more)
    {
        lock (_lock)
        {
            _text = string.Concat(_text, more);
            _text = _text.Length <= Most ? _text : _text[^Most..];
        }
    }
}
