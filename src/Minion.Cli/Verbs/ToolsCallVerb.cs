using System.CommandLine;
using System.Text.Json.Nodes;
using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

internal static class ToolsCallVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(11);

    public static Command Create(Terminal terminal)
    {
        var name = ToolsVerb.Name();
        var arguments = new Argument<string?>("arguments") { Description = "A JSON object; {} unless given. - reads it from standard input.", Arity = ArgumentArity.ZeroOrOne };
        var key = new Option<string?>("--key") { Description = "Calling again with the same key changes nothing more, where the tool can tell.", HelpName = "key" };
        return new Command("call", "Calls a tool, under the same policies as agents.") { name, arguments, key }
            .Does(terminal, async (invocation, cancellation) =>
            {
                var given = invocation.Get(arguments);
                var request = new CallToolRequest
                {
                    Name = invocation.Get(name)!,
                    Arguments = given == "-" ? await terminal.In.ReadToEndAsync(cancellation) : given ?? "{}",
                    IdempotencyKey = invocation.Get(key) ?? Guid.CreateVersion7(terminal.Time.GetUtcNow()).ToString(),
                };
                using var connection = invocation.Connect();
                var response = await CallAsync(terminal, connection, request, cancellation);
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    Write(terminal, response);
                }

                return response.OutcomeCase == CallToolResponse.OutcomeOneofCase.Result ? ExitCodes.Ok : ExitCodes.Failed;
            });
    }

    /// <summary>Calls it, and shows meanwhile what it says.</summary>
    private static async Task<CallToolResponse> CallAsync(Terminal terminal, Connection connection, CallToolRequest request, CancellationToken cancellation)
    {
        using var call = connection.Tools.StreamToolCall(request, connection.Call(cancellation, Patience));
        CallToolResponse? response = null;
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellation))
        {
            response = part.Response ?? response;
            if (part.Progress is { } progress)
            {
                await terminal.Error.WriteLineAsync(Phrases.Printable(progress.Text));
            }
        }

        return response ?? throw new RpcException(new Status(StatusCode.Internal, "The server ended the call without saying what came of it."));
    }

    private static void Write(Terminal terminal, CallToolResponse response)
    {
        foreach (var repair in response.Repairs)
        {
            terminal.Error.WriteLine($"{(repair.Path.Length > 0 ? repair.Path : "arguments")}: {repair.What}");
        }

        switch (response.OutcomeCase)
        {
            case CallToolResponse.OutcomeOneofCase.Result:
                terminal.Document(JsonOutput.Parse(response.Result) ?? JsonValue.Create("")!);
                break;
            case CallToolResponse.OutcomeOneofCase.InputRequired:
                foreach (var request in response.InputRequired.Requests)
                {
                    terminal.Error.WriteLine(Phrases.Printable(request.KindCase switch
                    {
                        InputRequest.KindOneofCase.Approval => $"It needs an approval ({request.Approval.Rule}): {request.Approval.Reason} Agents' calls ask for it in minion inbox; whoever calls cannot give it.",
                        InputRequest.KindOneofCase.Question => $"It asks: {request.Question.Message} Runs of agents can answer it.",
                        _ => "It needs a model, which runs of agents have.",
                    }));
                }

                break;
            default:
                terminal.Error.WriteLine(Phrases.Printable($"{response.Failure.Message}\n{response.Failure.Hint}"));
                break;
        }
    }
}
