using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

/// <summary>What agents that work for the caller are told of their preferences.</summary>
internal static class PreferencesVerb
{
    public static Command Create(Terminal terminal)
    {
        var command = List("preferences", "Lists your preferences, of which agents are told that ask for them.", terminal);
        command.Add(List("list", "The same as minion preferences.", terminal));
        command.Add(Set(terminal));
        command.Add(Delete(terminal));
        return command;
    }

    private static Command List(string name, string description, Terminal terminal) => new Command(name, description)
        .Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var answer = await connection.Context.ListPreferencesAsync(new ListPreferencesRequest(), connection.Call(cancellation));
            Paging.Write(invocation, answer.Preferences, ["name", "value"], p => [p.Name, p.Value], "No preferences.");
            return ExitCodes.Ok;
        });

    private static Command Set(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Lower-case letters, digits and underscores, for example language." };
        var value = new Argument<string>("value") { Description = "Up to 2,000 characters." };
        return new Command("set", "Sets a preference, new or not.") { name, value }.Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var response = await connection.Context.SetPreferenceAsync(
                new SetPreferenceRequest { Name = invocation.Get(name)!, Value = invocation.Get(value)! }, connection.Call(cancellation));
            if (invocation.Json)
            {
                terminal.Document(response);
            }
            else
            {
                terminal.Out.WriteLine(Phrases.Printable($"{response.Preference.Name}: {response.Preference.Value}"));
            }

            return ExitCodes.Ok;
        });
    }

    private static Command Delete(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The preference's name." };
        return new Command("delete", "Removes a preference.") { name }.Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var response = await connection.Context.DeletePreferenceAsync(
                new DeletePreferenceRequest { Name = invocation.Get(name)! }, connection.Call(cancellation));
            if (invocation.Json)
            {
                terminal.Document(response);
            }
            else
            {
                terminal.Out.WriteLine("Removed.");
            }

            return ExitCodes.Ok;
        });
    }
}
