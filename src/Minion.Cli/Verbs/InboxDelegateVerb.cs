using System.CommandLine;
using Minion.Cli.Inbox;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class InboxDelegateVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("item") { Description = "The item's id, or its end as minion inbox shows it." };
        var to = new Argument<string>("name") { Description = "The person or group that it is for from now on." };
        var reason = new Option<string?>("--reason") { Description = "Why; kept in the item's history.", HelpName = "text" };
        return new Command("delegate", "Hands an item of the inbox to somebody else. Its time goes on.") { id, to, reason }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var item = await InboxItems.FindAsync(connection, invocation.Get(id)!, cancellation);
                var response = await connection.Inbox.DelegateItemAsync(
                    new DelegateItemRequest { Id = item.Id, To = invocation.Get(to)!, Reason = invocation.Get(reason) ?? "" }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    invocation.Terminal.Document(response.Item);
                }
                else
                {
                    invocation.Terminal.Out.WriteLine($"Delegated: {InboxItems.Short(item.Id)} is for {Phrases.Printable(response.Item.Assignee)}.");
                }

                return ExitCodes.Ok;
            });
    }
}
