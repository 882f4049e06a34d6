using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Inbox;

/// <summary>Finds items by what people type: the id, or its end as the list shows it.</summary>
internal static class InboxItems
{
    private const int ShortLength = 8;
    private const int MostSearched = 2_000;

    // What waits is what people mean first; the others, so that who comes second hears what was answered.
    private static readonly InboxStatus[] Statuses = [InboxStatus.Open, InboxStatus.Answered, InboxStatus.Expired, InboxStatus.Withdrawn];

    public static string Short(string id) => id.Length <= ShortLength ? id : id[^ShortLength..];

    /// <exception cref="CliFailure">No item ends so, or several do.</exception>
    public static async Task<InboxItem> FindAsync(Connection connection, string typed, CancellationToken cancellation)
    {
        var id = Guid.TryParse(typed, out _) ? typed : await CompleteAsync(connection, typed.Trim().ToLowerInvariant(), cancellation);
        return (await connection.Inbox.GetItemAsync(new GetItemRequest { Id = id }, connection.Call(cancellation))).Item;
    }

    private static async Task<string> CompleteAsync(Connection connection, string end, CancellationToken cancellation)
    {
        if (end.Length < 4)
        {
            throw new CliFailure(ExitCodes.Usage, "usage", $"'{end}' is too short for an item's id.", "minion inbox shows the ids.");
        }

        foreach (var status in Statuses)
        {
            var items = await Paging.ReadAsync(MostSearched, async (size, token) =>
            {
                var page = await connection.Inbox.ListItemsAsync(
                    new ListItemsRequest { Status = status, PageSize = size, PageToken = token }, connection.Call(cancellation));
                return (page.Items, page.NextPageToken);
            });
            var found = items.Where(i => i.Id.EndsWith(end, StringComparison.Ordinal)).ToList();
            if (found.Count > 0)
            {
                return found.Count == 1
                    ? found[0].Id
                    : throw new CliFailure(ExitCodes.Usage, "ambiguous", $"{found.Count} items end in '{end}'.", "Give the whole id: minion inbox -o json has it.");
            }
        }

        throw new CliFailure(ExitCodes.Refused, "inbox_item_not_found", $"There is no inbox item '{end}'.", "'minion inbox' lists what waits for an answer.");
    }
}
