using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Inbox;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>
/// Says what the runs below a run ask while it waits for them, each once. Their questions are not in its own journal, so the inbox is looked at now and then.
/// </summary>
internal sealed class ChildQuestions(Terminal terminal, Connection connection, string runId) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<string> _shown = [];
    private Task? _looking;

    /// <summary>Begins to look with the first child.</summary>
    public void See(WatchRunResponse part)
    {
        if (part.Entry?.ChildStarted is not null)
        {
            _looking ??= LookAsync(_end.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_looking is not null)
        {
            await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _end.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Pause, terminal.Time, cancellation);
            try
            {
                var request = new ListItemsRequest { RunId = runId, Tree = true, PageSize = 200 };
                foreach (var item in (await connection.Inbox.ListItemsAsync(request, connection.Call(cancellation))).Items)
                {
                    if (item.RunId != runId && _shown.Add(item.Id))
                    {
                        terminal.Error.WriteLine(Describe(item));
                    }
                }
            }
            catch (RpcException) when (!cancellation.IsCancellationRequested)
            {
                // Whoever follows the run says that the server is lost.
            }
        }
    }

    private static string Describe(InboxItem item)
    {
        var call = item.Kind == InboxKind.Question ? "" : $"\n  {item.Tool} {Phrases.Short(item.Arguments, 500)}";
        return $"{Phrases.Printable(item.Agent)} (run {item.RunId}) waits for an answer: {Phrases.Printable(item.Text)}{Phrases.Printable(call)}\n"
            + InboxOutput.HowTo(item.Id, item.Choices, item.Kind == InboxKind.Approval);
    }
}
