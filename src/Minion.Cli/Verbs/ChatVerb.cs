using System.CommandLine;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class ChatVerb
{
    public static Command Create(Terminal terminal)
    {
        var agent = new Argument<string>("agent") { Description = "The agent's name." };
        var message = new Option<string?>("--message", "-m") { Description = "Says this and ends; without it the conversation goes on until Ctrl-D.", HelpName = "text" };
        var session = new Option<string?>("--session") { Description = "Goes on with this session instead of a new one.", HelpName = "id" };
        return new Command("chat", "Talks with an agent. Ctrl-C cancels the running turn, Ctrl-D ends.") { agent, message, session }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var conversation = await Conversation.OpenAsync(
                    invocation, connection, invocation.Get(agent)!, invocation.Get(session), cancellation);
                return invocation.Get(message) is { } text
                    ? await conversation.TurnAsync(text, cancellation)
                    : await LoopAsync(invocation, conversation, cancellation);
            });
    }

    private static async Task<int> LoopAsync(Invocation invocation, Conversation conversation, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        if (terminal.IsInteractive)
        {
            await conversation.IntroduceAsync(cancellation);
        }

        var last = ExitCodes.Ok;
        while (await terminal.ReadLineAsync("> ", cancellation) is { } line)
        {
            if (line.Trim().Length == 0)
            {
                continue;
            }

            last = await conversation.TurnAsync(line, cancellation);
            if (last == ExitCodes.Waits)
            {
                break;
            }
        }

        if (terminal.IsInteractive)
        {
            terminal.Out.WriteLine();
            conversation.SayHowToGoOn();
            return ExitCodes.Ok;
        }

        return last;
    }
}
