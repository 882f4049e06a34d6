using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Keeps messages in every later prompt.</summary>
internal static class SessionPinVerbs
{
    public static Command Pin(Terminal terminal)
    {
        var (id, seq) = (SessionsVerb.Session(), Seq());
        return new Command("pin", "Keeps a message in the prompt of every later run.") { id, seq }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new PinMessageRequest { SessionId = invocation.Get(id)!, Seq = invocation.Get(seq) };
                invocation.Done((await connection.Sessions.PinMessageAsync(request, connection.Call(cancellation))).Message, "Pinned.");
                return ExitCodes.Ok;
            });
    }

    public static Command Unpin(Terminal terminal)
    {
        var (id, seq) = (SessionsVerb.Session(), Seq());
        return new Command("unpin", "Lets a message be summarised again.") { id, seq }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new UnpinMessageRequest { SessionId = invocation.Get(id)!, Seq = invocation.Get(seq) };
                invocation.Done((await connection.Sessions.UnpinMessageAsync(request, connection.Call(cancellation))).Message, "Unpinned.");
                return ExitCodes.Ok;
            });
    }

    private static Argument<long> Seq() => new("seq") { Description = "The message's number; minion sessions messages shows it." };
}
