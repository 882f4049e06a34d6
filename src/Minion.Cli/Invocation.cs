using System.CommandLine;
using Google.Protobuf;
using Minion.Cli.Connections;
using Minion.Cli.Output;

namespace Minion.Cli;

/// <summary>One call of a verb: what was typed, where it writes, and the way to the server.</summary>
internal sealed class Invocation(Terminal terminal, ParseResult parsed)
{
    public Terminal Terminal => terminal;

    public bool Json { get; } = SharedOptions.IsJson(parsed);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    public Connection Connect() =>
        new(SharedOptions.Address(parsed, terminal), terminal.Environment("MINION_API_KEY"), terminal.Time);
}

internal static class InvocationExtensions
{
    /// <summary>Says what a verb does; the number that it returns is the process's exit code.</summary>
    public static Command Does(this Command command, Terminal terminal, Func<Invocation, CancellationToken, Task<int>> act)
    {
        command.SetAction((parsed, cancellation) => act(new Invocation(terminal, parsed), cancellation));
        return command;
    }

    /// <summary>Tells what was done: the message for programs, the sentence for people.</summary>
    public static void Done(this Invocation invocation, IMessage message, string sentence)
    {
        if (invocation.Json)
        {
            invocation.Terminal.Document(message);
        }
        else
        {
            invocation.Terminal.Out.WriteLine(sentence);
        }
    }
}
