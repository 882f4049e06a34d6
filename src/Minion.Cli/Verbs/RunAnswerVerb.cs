using System.CommandLine;
using Minion.Cli.Connections;
using Minion.Cli.Inbox;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunAnswerVerb
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("run") { Description = "The run's id." };
        var question = new Option<string?>("--question") { Description = "Which question; may be left out while there is only one.", HelpName = "id" };
        var choice = new Option<string?>("--choice") { Description = "One of the question's choices; accept with --field.", HelpName = "choice" };
        var text = new Option<string?>("--text") { Description = "Handed to the agent with the choice.", HelpName = "text" };
        var fields = FormFields.Option();
        var command = new Command("answer", "Answers a question that a run waits for.") { run, question, choice, text, fields };
        command.Validators.Add(result =>
        {
            if (result.GetResult(choice) is null && result.GetResult(fields) is null)
            {
                result.AddError("Option '--choice' is required; where a form is asked for, --field.");
            }
        });
        return command
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                if (invocation.Get(fields) is { Length: > 0 } given)
                {
                    return await FillAsync(invocation, connection, invocation.Get(run)!, invocation.Get(question), invocation.Get(choice), invocation.Get(text), given, cancellation);
                }

                var response = await connection.Runs.AnswerAsync(
                    new AnswerRequest
                    {
                        RunId = invocation.Get(run)!,
                        QuestionId = invocation.Get(question) ?? "",
                        Choice = invocation.Get(choice)!,
                        Text = invocation.Get(text) ?? "",
                    },
                    connection.Call(cancellation));
                RunOutput.Changed(invocation, response.Run, "Answered");
                return ExitCodes.Ok;
            });
    }

    /// <summary>Forms are answered in the inbox, which has their fields.</summary>
    private static async Task<int> FillAsync(
        Invocation invocation, Connection connection, string run, string? question, string? choice, string? text, string[] fields, CancellationToken cancellation)
    {
        var waiting = (await connection.Runs.GetRunAsync(new GetRunRequest { Id = run }, connection.Call(cancellation))).Run;
        var id = FormFields.Find(waiting, question);
        var item = (await connection.Inbox.GetItemAsync(new GetItemRequest { Id = id }, connection.Call(cancellation))).Item;
        var request = new AnswerItemRequest { Id = id, Choice = choice ?? FormFields.Accept, Text = text ?? "", Arguments = FormFields.Read(item, fields, whole: null) };
        await connection.Inbox.AnswerItemAsync(request, connection.Call(cancellation));
        RunOutput.Changed(invocation, (await connection.Runs.GetRunAsync(new GetRunRequest { Id = run }, connection.Call(cancellation))).Run, "Answered");
        return ExitCodes.Ok;
    }
}
