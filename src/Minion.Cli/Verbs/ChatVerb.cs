using System.CommandLine;
using Grpc.Core;
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
                    : await LoopAsync(invocation, connection, conversation, cancellation);
            });
    }

    private static async Task<int> LoopAsync(Invocation invocation, Connection connection, Conversation conversation, CancellationToken cancellation)
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

            last = await TurnAsync(invocation, connection, conversation, line, cancellation);
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

    /// <summary>At a terminal only the turn fails, not the conversation: the session is kept, and a lost server may come back.</summary>
    private static async Task<int> TurnAsync(
        Invocation invocation, Connection connection, Conversation conversation, string line, CancellationToken cancellation)
    {
        try
        {
            return await conversation.TurnAsync(line, cancellation);
        }
        catch (Exception exception) when (
            exception is RpcException or CliFailure && invocation.Terminal.IsInteractive && !cancellation.IsCancellationRequested)
        {
            var failure = exception as CliFailure ?? Refusals.Explain((RpcException)exception, connection.Address);
            FailureOutput.Write(invocation.Terminal, failure, invocation.Json);
            return failure.ExitCode;
        }
    }
}
