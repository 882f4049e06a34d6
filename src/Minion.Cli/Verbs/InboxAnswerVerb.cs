using System.CommandLine;
using Minion.Cli.Inbox;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class InboxAnswerVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("item") { Description = "The item's id, or its end as minion inbox shows it." };
        var choice = new Argument<string?>("answer")
        {
            Description = "One of the item's choices, such as approve or deny; where it has none, the answer itself.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var text = new Option<string?>("--text") { Description = "Handed to the agent: why not, or what it should know.", HelpName = "text" };
        var arguments = new Option<string?>("--arguments") { Description = "With approve: the call is made with these instead. With accept: the fields of the form.", HelpName = "json" };
        var fields = FormFields.Option();
        return new Command("answer", "Answers an item of the inbox. The first answer counts.") { id, choice, text, arguments, fields }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var item = await InboxItems.FindAsync(connection, invocation.Get(id)!, cancellation);
                var filled = FormFields.Read(item, invocation.Get(fields), invocation.Get(arguments));
                var (chosen, said) = Read(item, FormFields.Choice(invocation.Get(choice), invocation.Get(fields)), invocation.Get(text));
                var response = await connection.Inbox.AnswerItemAsync(
                    new AnswerItemRequest { Id = item.Id, Choice = chosen, Text = said, Arguments = filled },
                    connection.Call(cancellation));
                if (invocation.Json)
                {
                    invocation.Terminal.Document(response);
                }
                else
                {
                    var answer = response.Item.Answer;
                    var what = Phrases.Short(answer.Choice.Length > 0 ? answer.Choice : answer.Text, 80);
                    invocation.Terminal.Out.WriteLine($"{(response.Repeated ? "Answered before" : "Answered")}: {what}. minion run show {item.RunId} --follow shows how the run goes on.");
                }

                return ExitCodes.Ok;
            });
    }

    /// <summary>The beginning of exactly one choice is that choice; a question without choices takes the word as its answer.</summary>
    internal static (string Choice, string Text) Read(InboxItem item, string? word, string? text)
    {
        if (item.Choices.Count == 0)
        {
            return ("", text ?? word ?? "");
        }

        var begun = word is null or "" ? [] : item.Choices.Where(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase)).ToList();
        var exact = item.Choices.FirstOrDefault(c => c.Equals(word, StringComparison.OrdinalIgnoreCase));
        return (exact ?? (begun.Count == 1 ? begun[0] : word ?? ""), text ?? "");
    }
}
