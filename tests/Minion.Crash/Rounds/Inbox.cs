using System.Text.Json;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Crash.Arena;
using Minion.Crash.Load;

namespace Minion.Crash.Rounds;

/// <summary>
/// The person who is asked. What became of an interrupted call: looks whether it was counted, and says 'done' or 'retry'. Whether a call may be made:
/// yes. To be called when all is settled (<see cref="Settling"/>).
/// </summary>
internal sealed class Inbox(Servers servers, Database database, Ledger ledger)
{
    private const int Page = 200;
    private readonly Lock _count = new();

    /// <summary>Questions that were answered so far, by what was answered.</summary>
    public int Done { get; private set; }

    /// <inheritdoc cref="Done"/>
    public int Retried { get; private set; }

    /// <inheritdoc cref="Done"/>
    public int Approved { get; private set; }

    public int Answered => Done + Retried + Approved;

    /// <summary>Answers what is open until nothing is uncertain any more. Returns how many answers were given.</summary>
    /// <param name="allows">Whether it is said, too, whether calls may be made.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<int> DrainAsync(bool allows, CancellationToken ct)
    {
        var before = Answered;
        var begun = Environment.TickCount64;
        IReadOnlyList<InboxItem> open;
        do
        {
            open = await OpenAsync(ct);
            foreach (var item in open.Where(i => allows || i.Kind == InboxKind.Uncertain))
            {
                await AnswerAsync(item, ct);
            }

            if (Environment.TickCount64 - begun > Timings.Recovery.TotalMilliseconds)
            {
                ledger.Contradict($"runs still ask {Timings.Recovery.TotalSeconds} s after they were answered: {string.Join(", ", open.Take(3).Select(i => i.RunId))}");
                break;
            }
        }
        while (open.Any(i => i.Kind == InboxKind.Uncertain));

        return Answered - before;
    }

    /// <summary>Answers what can be answered at any time, each soon after it was asked, some of it twice at once, until <paramref name="stop"/>.</summary>
    public async Task AnswerAtOnceAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var item in (await OpenAsync(stop)).Where(i => i.Kind != InboxKind.Uncertain))
            {
                await Task.WhenAll(Enumerable.Range(0, Random.Shared.Next(1, 3)).Select(_ => AnswerAsync(item, stop)));
            }

            await Task.Delay(100, stop);
        }
    }

    private async Task<IReadOnlyList<InboxItem>> OpenAsync(CancellationToken ct)
    {
        var request = new ListItemsRequest { PageSize = Page };
        return (await servers.CallAsync((server, deadline) => server.Inbox.ListItemsAsync(request, deadline: deadline, cancellationToken: ct), ct)).Items;
    }

    private async Task AnswerAsync(InboxItem item, CancellationToken ct)
    {
        var choice = item.Kind switch
        {
            InboxKind.Uncertain => await WasMadeAsync(item) ? "done" : "retry",
            InboxKind.Approval => "approve",
            _ => item.Choices.FirstOrDefault() ?? "",
        };
        var request = new AnswerItemRequest { Id = item.Id, Choice = choice, Text = item.Kind == InboxKind.Question ? "So be it." : "" };
        try
        {
            await servers.CallAsync((server, deadline) => server.Inbox.AnswerItemAsync(request, deadline: deadline, cancellationToken: ct), ct);
        }
        catch (RpcException moved) when (moved.StatusCode is StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            // The run has ended, or gone on, meanwhile.
            return;
        }

        lock (_count)
        {
            switch (choice)
            {
                case "done":
                    Done++;
                    break;
                case "retry":
                    Retried++;
                    break;
                default:
                    Approved++;
                    break;
            }
        }
    }

    private async Task<bool> WasMadeAsync(InboxItem item)
    {
        using var arguments = JsonDocument.Parse(item.Arguments);
        var text = arguments.RootElement.GetProperty("text").GetString();
        return (await database.QueryAsync<int>("SELECT count(*)::int FROM crash.calls WHERE text = @text", new { text }))[0] > 0;
    }
}
