using System.Text;
using Minion.Contracts.Orchestration.V1;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp.Agents;

/// <summary>Tells a client that asked for it how a run goes on: its steps, and what the model and its tools say, a few times a second.</summary>
internal sealed class RunProgress(RequestContext<CallToolRequestParams> request, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ProgressToken? _token = request.Params?.ProgressToken;
    private readonly StringBuilder _said = new();
    private long _lastTold;
    private int _count;

    public async Task TellAsync(WatchRunResponse part, CancellationToken cancellationToken)
    {
        if (_token is null)
        {
            return;
        }

        if (part.PartCase == WatchRunResponse.PartOneofCase.Delta)
        {
            _said.Append(part.Delta.Text);
            if (_count == 0 || time.GetElapsedTime(_lastTold) >= Interval)
            {
                await FlushAsync(cancellationToken);
            }
        }
        else if (StepOf(part) is { } step)
        {
            await FlushAsync(cancellationToken);
            await SendAsync(step, cancellationToken);
        }
    }

    private static string? StepOf(WatchRunResponse part) => part.PartCase switch
    {
        WatchRunResponse.PartOneofCase.ToolCall => $"Calls {part.ToolCall.ToolCall.Tool}.",
        WatchRunResponse.PartOneofCase.ToolOutput => $"{part.ToolOutput.Tool}: {part.ToolOutput.Text}",
        WatchRunResponse.PartOneofCase.Entry => part.Entry.KindCase switch
        {
            Entry.KindOneofCase.Tool => part.Entry.Tool.Failure is { } failure ? $"{part.Entry.Tool.Tool} failed: {failure.Message}" : $"{part.Entry.Tool.Tool} has answered.",
            Entry.KindOneofCase.ChildStarted => $"Started the agent {part.Entry.ChildStarted.Agent}.",
            Entry.KindOneofCase.Child => $"The agent {part.Entry.Child.Agent} has ended.",
            Entry.KindOneofCase.Question => $"Asks a person: {part.Entry.Question.Question.Text}",
            Entry.KindOneofCase.AttemptFailed => $"Tries again: {part.Entry.AttemptFailed.Message}",
            _ => null,
        },
        _ => null,
    };

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_said.Length > 0)
        {
            var text = _said.ToString();
            _said.Clear();
            await SendAsync(text, cancellationToken);
        }
    }

    private Task SendAsync(string message, CancellationToken cancellationToken)
    {
        _lastTold = time.GetTimestamp();
        return request.Server.NotifyProgressAsync(_token!.Value, new ProgressNotificationValue { Progress = ++_count, Message = message }, cancellationToken: cancellationToken);
    }
}
