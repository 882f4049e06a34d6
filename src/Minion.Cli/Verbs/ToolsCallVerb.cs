using System.CommandLine;
using System.Text.Json.Nodes;
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
                var response = await connection.Tools.CallToolAsync(request, connection.Call(cancellation, Patience));
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
