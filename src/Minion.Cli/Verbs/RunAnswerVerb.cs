using System.CommandLine;
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
        var choice = new Option<string>("--choice") { Description = "One of the question's choices.", HelpName = "choice", Required = true };
        var text = new Option<string?>("--text") { Description = "Handed to the agent with the choice.", HelpName = "text" };
        return new Command("answer", "Answers a question that a run waits for.") { run, question, choice, text }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
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
}
