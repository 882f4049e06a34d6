using System.Text;

namespace Minion.Tools.Sandboxes.Output;

/// <summary>Makes lines of output that comes in pieces, and tells each as soon as it is complete. Of a very long one, the beginning.</summary>
internal sealed class OutputLines(IProgress<string> progress)
{
    private const int Longest = 4_000;

    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    /// <summary>Takes a piece; one at a time of each of the two outputs.</summary>
    public void Add(SandboxOutput piece)
    {
        var begun = piece.IsError ? _error : _output;
        var end = piece.Text.AsSpan().LastIndexOfAny('\r', '\n');
        if (end >= 0)
        {
            progress.Report(begun.Append(piece.Text.AsSpan(0, end)).ToString());
            begun.Clear();
        }

        var rest = piece.Text.AsSpan(end + 1);
        begun.Append(rest[..Math.Min(rest.Length, Math.Max(0, Longest - begun.Length))]);
    }

    /// <summary>Tells what has no end of line.</summary>
    public void End()
    {
        foreach (var begun in new[] { _output, _error })
        {
            if (begun.Length > 0)
            {
                progress.Report(begun.ToString());
                begun.Clear();
            }
        }
    }
}
