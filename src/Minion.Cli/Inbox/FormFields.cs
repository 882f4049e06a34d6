using System.CommandLine;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Inbox;

/// <summary>Forms that are filled in on the command line: <c>--field people=4 --field name=Ada</c>.</summary>
internal static class FormFields
{
    public const string Accept = "accept";

    public static Option<string[]> Option() => new("--field")
    {
        Description = "A field of the form that is asked for, and what goes into it. May be repeated; fields without answer are left out.",
        HelpName = "name=value",
    };

    /// <summary>The filled-in form as JSON: of the fields, or as it is given whole.</summary>
    /// <exception cref="CliFailure">The item has no form, or both were given.</exception>
    public static string Read(InboxItem item, string[]? fields, string? whole) => fields is not { Length: > 0 } ? whole ?? ""
        : whole is { Length: > 0 }
        ? throw new CliFailure(ExitCodes.Usage, "usage", "--field and --arguments both fill in the form.", "Give one of them.")
        : FormPrompt.Fill(item.Form, fields);

    /// <summary>Who fills in a form accepts it.</summary>
    public static string? Choice(string? given, string[]? fields) => given is null && fields is { Length: > 0 } ? Accept : given;

    /// <summary>The id of the item that a run waits for: of its only question with a form unless one is named.</summary>
    /// <exception cref="CliFailure">There is none, or there are several.</exception>
    public static string Find(Run run, string? question)
    {
        var asked = run.Questions.Where(q => q.Form.Length > 0 && (question is null or "" || q.Id == question)).ToList();
        return asked switch
        {
            [var one] => one.ItemId,
            [] => throw new CliFailure(ExitCodes.Refused, "no_form", "The run does not wait for such a form.", $"minion run show {run.Id} shows what it waits for."),
            _ => throw new CliFailure(ExitCodes.Usage, "ambiguous", $"The run waits for {asked.Count} forms.", $"Name one with --question; minion run show {run.Id} has the ids."),
        };
    }
}
