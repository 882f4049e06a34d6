using System.CommandLine;
using Minion.Cli.Inbox;
using Minion.Cli.Output;

namespace Minion.Cli.Verbs;

internal static class InboxShowVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("item") { Description = "The item's id, or its end as minion inbox shows it." };
        return new Command("show", "Shows an item of the inbox with its history.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var item = await InboxItems.FindAsync(connection, invocation.Get(id)!, cancellation);
                if (invocation.Json)
                {
                    invocation.Terminal.Document(item);
                }
                else
                {
                    InboxOutput.Show(invocation.Terminal, item);
                }

                return ExitCodes.Ok;
            });
    }
}
