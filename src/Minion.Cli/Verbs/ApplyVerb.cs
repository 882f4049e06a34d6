using System.CommandLine;
using Minion.Cli.Local;
using Minion.Cli.Output;

namespace Minion.Cli.Verbs;

internal static class ApplyVerb
{
    public static Command Create(Terminal terminal)
    {
        var file = new Option<string[]>("--file", "-f")
        {
            Description = "A file (YAML or JSON), or a folder for all that are in it; - reads the standard input. May be given several times.",
            HelpName = "file",
        };
        var named = new Argument<string[]>("file") { Description = "As --file.", Arity = ArgumentArity.ZeroOrMore };
        var dryRun = new Option<bool>("--dry-run", "--plan") { Description = "Says what would change, and changes nothing." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Does not ask before something is removed." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Applies the files again whenever one changes, until Ctrl-C." };
        return new Command("apply", "Makes agents and models what cluster files say: all of them, or nothing.") { named, file, dryRun, yes, watch }
            .Does(terminal, async (invocation, cancellation) =>
            {
                string[] given = [.. invocation.Get(file) ?? [], .. invocation.Get(named) ?? []];
                if (given.Length == 0)
                {
                    throw new CliFailure(ExitCodes.Usage, "usage", "Which file?", "minion apply --file FILE");
                }

                if (invocation.Get(watch) && given.Contains("-"))
                {
                    throw new CliFailure(ExitCodes.Usage, "usage", "The standard input cannot be watched.", "Name a file or a folder.");
                }

                return await ApplyAsync(invocation, given, invocation.Get(dryRun), invocation.Get(yes), invocation.Get(watch), cancellation);
            });
    }

    private static async Task<int> ApplyAsync(Invocation invocation, string[] given, bool dryRun, bool yes, bool watch, CancellationToken cancellation)
    {
        var files = ClusterPaths.Expand(given);
        using var connection = invocation.Connect();
        var applying = new Applying(invocation, connection, dryRun, yes);
        if (watch)
        {
            return await new ApplyWatch(invocation, connection, applying).RunAsync(given, cancellation);
        }

        if (await applying.ApplyAsync(files, cancellation) is not { } response)
        {
            return ExitCodes.Failed;
        }

        applying.Show(response);
        return ExitCodes.Ok;
    }
}
