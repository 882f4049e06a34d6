using System.CommandLine;
using System.Text;
using Grpc.Core;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunsTextVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("run") { Description = "The run's id." };
        var hash = new Argument<string>("hash") { Description = "The text's SHA-256, as runs show --output json has it (long_texts)." };
        return new Command("text", "Writes a long text of a run's journal, whole.") { id, hash }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                using var call = connection.History.ReadText(
                    new ReadTextRequest { RunId = invocation.Get(id)!, Hash = invocation.Get(hash)! }, connection.Stream(cancellation));
                var decoder = Encoding.UTF8.GetDecoder();
                await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellation))
                {
                    var characters = new char[Encoding.UTF8.GetMaxCharCount(piece.Piece.Length)];
                    invocation.Terminal.Out.Write(characters, 0, decoder.GetChars(piece.Piece.Span, characters, flush: false));
                }

                invocation.Terminal.Out.Flush();
                return ExitCodes.Ok;
            });
    }
}
