using System.Text;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>A turn of a conversation: each tool call and its result as they happen, and the answer as it streams.</summary>
internal sealed class ConversationView(Terminal terminal) : IRunView
{
    private readonly StringBuilder _streamed = new();
    private readonly ToolOutputLines _output = new();
    private (int Step, int Call, long Epoch, int Attempt) _source;
    private string _said = "";

    // Pieces can be taken back (the call is made again), which only a person in front of it understands.
    public bool WantsDeltas => terminal.OutIsTerminal;

    public void Show(WatchRunResponse part)
    {
        switch (part.PartCase)
        {
            case WatchRunResponse.PartOneofCase.Delta:
                Stream(part.Delta);
                break;
            case WatchRunResponse.PartOneofCase.Restarted:
                TakeBack();
                break;
            case WatchRunResponse.PartOneofCase.ToolOutput:
                Say(part.ToolOutput);
                break;
            case WatchRunResponse.PartOneofCase.Entry:
                Finished(part.Entry);
                break;
        }

        terminal.Out.Flush();
    }

    private void Stream(Delta delta)
    {
        var source = (delta.Step, delta.Call, delta.Epoch, delta.Attempt);
        if (source != _source)
        {
            TakeBack();
            _source = source;
        }

        var known = _streamed.Length - delta.Offset;
        if (known >= 0 && known < delta.Text.Length)
        {
            var fresh = delta.Text[known..];
            _streamed.Append(fresh);
            terminal.Out.Write(Phrases.Printable(fresh));
        }
    }

    private void TakeBack()
    {
        if (_streamed.Length > 0)
        {
            terminal.Out.WriteLine();
            terminal.Dim("  (the answer starts again)");
            terminal.Out.WriteLine();
            _streamed.Clear();
        }
    }

    private void Finished(Entry entry)
    {
        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.Model when entry.Model.Summarised is { } range:
                Line("…", $"summarised the messages {range.First} to {range.Last}", Phrases.Took(entry.StartedAt, entry.EndedAt));
                break;
            case Entry.KindOneofCase.Model:
                Say(entry.Model.Text);
                foreach (var call in entry.Model.ToolCalls)
                {
                    Line("→", $"{call.Tool} {call.Arguments}");
                }

                break;
            case Entry.KindOneofCase.Tool when entry.Tool.Failure is { } failure:
                Line("✗", $"{entry.Tool.Tool}: {failure.Message}");
                break;
            case Entry.KindOneofCase.Tool:
                Line("←", $"{entry.Tool.Tool} {entry.Tool.Result}", Phrases.Took(entry.StartedAt, entry.EndedAt));
                break;
            case Entry.KindOneofCase.AttemptFailed:
                TakeBack();
                Line("…", $"trying again: {entry.AttemptFailed.Message}");
                break;
            case Entry.KindOneofCase.Completed when entry.Completed.Output != _said:
                Say(entry.Completed.Output);
                break;
        }
    }

    private void Say(ToolOutput output)
    {
        foreach (var line in _output.Of(output))
        {
            terminal.Dim($"    {line}");
            terminal.Out.WriteLine();
        }
    }

    private void Say(string text)
    {
        if (!text.StartsWith(_streamed.ToString(), StringComparison.Ordinal))
        {
            TakeBack();
        }

        terminal.Out.Write(Phrases.Printable(text[_streamed.Length..]));
        _streamed.Clear();
        if (text.Length > 0)
        {
            terminal.Out.WriteLine();
            _said = text;
        }
    }

    private void Line(string sign, string text, string took = "")
    {
        terminal.Dim($"  {sign} {Phrases.Short(text, 160)}{(took.Length == 0 ? "" : "  " + took)}");
        terminal.Out.WriteLine();
    }
}
