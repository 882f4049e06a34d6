using Minion.Cli.Output;
using Minion.Contracts.Models.V1;

namespace Minion.Cli.Models;

/// <summary>A pull for a person: a bar that changes in place on a terminal, else a line for each step and each tenth of a part.</summary>
internal sealed class PullView(Terminal terminal) : IDisposable
{
    private const int BarWidth = 24;

    private string _status = "";
    private int _tenth;
    private long _drawn;
    private long _began;
    private long _before;
    private bool _open;

    public void Show(PullModelResponse progress)
    {
        var isNew = progress.Status != _status;
        if (isNew)
        {
            EndLine();
            (_status, _tenth, _began, _before) = (progress.Status, 0, terminal.Time.GetTimestamp(), progress.Completed);
        }

        if (terminal.ErrorIsTerminal)
        {
            Draw(progress, isNew);
        }
        else
        {
            Tell(progress, isNew);
        }
    }

    public void Dispose() => EndLine();

    /// <summary>At most ten times a second, but always the first and the last of a part.</summary>
    private void Draw(PullModelResponse progress, bool isNew)
    {
        if (!isNew && progress.Completed < progress.Total && terminal.Time.GetElapsedTime(_drawn).TotalMilliseconds < 100)
        {
            return;
        }

        _drawn = terminal.Time.GetTimestamp();
        _open = true;
        terminal.Error.Write($"\r\e[K{Phrases.Short(progress.Status, 24)}{(progress.Total > 0 ? Bar(progress) : "")}");
    }

    private void Tell(PullModelResponse progress, bool isNew)
    {
        var tenth = progress.Total > 0 ? (int)(Share(progress) * 10) : 0;
        if (isNew || tenth > _tenth)
        {
            _tenth = tenth;
            var part = progress.Total > 0 ? $": {Percent(progress)} of {Phrases.Bytes(progress.Total)}" : "";
            terminal.Error.WriteLine(Phrases.Short(progress.Status) + part);
        }
    }

    private string Bar(PullModelResponse progress)
    {
        var full = (int)(Share(progress) * BarWidth);
        var amount = $"{Percent(progress),5}  {Phrases.Bytes(progress.Completed)} of {Phrases.Bytes(progress.Total)}";
        return $"  {new string('█', full)}{new string('░', BarWidth - full)} {amount}{Speed(progress)}";
    }

    private string Speed(PullModelResponse progress)
    {
        var seconds = terminal.Time.GetElapsedTime(_began).TotalSeconds;
        return seconds < 1 || progress.Completed <= _before ? "" : $"  {Phrases.Bytes((progress.Completed - _before) / seconds)}/s";
    }

    private void EndLine()
    {
        if (_open)
        {
            terminal.Error.WriteLine();
            _open = false;
        }
    }

    private static double Share(PullModelResponse progress) => Math.Clamp((double)progress.Completed / progress.Total, 0, 1);

    private static string Percent(PullModelResponse progress) => $"{(int)(Share(progress) * 100)} %";
}
