namespace Minion.Cli.Output;

/// <summary>One line that tells how long something takes; on a terminal it changes in place.</summary>
internal sealed class ProgressLine : IDisposable
{
    private readonly Terminal _terminal;
    private readonly string _what;
    private readonly long _started;
    private long _drawn;
    private bool _done;

    public ProgressLine(Terminal terminal, string what)
    {
        _terminal = terminal;
        _what = what;
        _started = terminal.Time.GetTimestamp();
        if (!terminal.ErrorIsTerminal)
        {
            terminal.Error.WriteLine(what);
        }
    }

    /// <summary>Shows the time so far and what happens now; at most ten times a second.</summary>
    public void Update(string detail)
    {
        if (!_terminal.ErrorIsTerminal || (_drawn != 0 && _terminal.Time.GetElapsedTime(_drawn).TotalMilliseconds < 100))
        {
            return;
        }

        _drawn = _terminal.Time.GetTimestamp();
        _terminal.Error.Write($"\r\e[K{_what}  {Elapsed}  {Phrases.Short(detail, 60)}");
    }

    public void Done(string outcome)
    {
        _done = true;
        _terminal.Error.WriteLine(_terminal.ErrorIsTerminal ? $"\r\e[K{_what}: {outcome} after {Elapsed}" : $"{outcome} after {Elapsed}");
    }

    public void Dispose()
    {
        if (!_done && _drawn != 0)
        {
            _terminal.Error.WriteLine();
        }
    }

    private string Elapsed => Phrases.For(_terminal.Time.GetElapsedTime(_started));
}
