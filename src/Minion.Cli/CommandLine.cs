using System.CommandLine;
using System.CommandLine.Help;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Cli.Verbs;

namespace Minion.Cli;

/// <summary>The table of contents of the command line, and the one place where its failures become sentences and exit codes.</summary>
internal static class CommandLine
{
    public static IReadOnlyList<Func<Terminal, Command>> Verbs { get; } =
    [
        UpVerb.Create,
        DownVerb.Create,
        StatusVerb.Create,
        ApplyVerb.Create,
        ExportVerb.Create,
        SchemaVerb.Create,
        GetVerb.Create,
        AgentsVerb.Create,
        ScaleVerb.Create,
        ChatVerb.Create,
        RunVerb.Create,
        RunsVerb.Create,
        SessionsVerb.Create,
        InboxVerb.Create,
        SchedulesVerb.Create,
        MessagesVerb.Create,
        DeadlettersVerb.Create,
        SemaphoresVerb.Create,
        QueuesVerb.Create,
        ToolsVerb.Create,
        PreferencesVerb.Create,
        LogsVerb.Create,
        McpVerb.Create,
        ModelsVerb.Create,
        CostVerb.Create,
        BudgetVerb.Create,
        DoctorVerb.Create,
        VersionVerb.Create,
    ];

    public static Command Create(Terminal terminal)
    {
        var root = new Command("minion", "A self-hosted platform for production AI agents.\n\n" + ExitCodes.Help)
        {
            SharedOptions.Server,
            SharedOptions.Output,
            new HelpOption { Recursive = true },
        };
        foreach (var verb in Verbs)
        {
            root.Add(verb(terminal));
        }

        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var parsed = Create(terminal).Parse(args.Count == 0 ? ["--help"] : args);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };

        if (parsed.Errors.Count > 0)
        {
            return Misused(parsed, terminal);
        }

        try
        {
            return await parsed.InvokeAsync(configuration, terminal.Interrupts.Token);
        }
        catch (CliFailure failure)
        {
            FailureOutput.Write(terminal, failure, SharedOptions.IsJson(parsed));
            return failure.ExitCode;
        }
        catch (Grpc.Core.RpcException) when (terminal.Interrupts.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Grpc.Core.RpcException exception)
        {
            var failure = Refusals.Explain(exception, SharedOptions.Address(parsed, terminal).GetLeftPart(UriPartial.Authority));
            FailureOutput.Write(terminal, failure, SharedOptions.IsJson(parsed));
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (string.IsNullOrEmpty(terminal.Environment("MINION_TRACE")))
        {
            var hint = exception is IOException or UnauthorizedAccessException ? "" : "That is a defect. With MINION_TRACE=1 the command shows where it comes from.";
            FailureOutput.Write(terminal, new CliFailure(ExitCodes.Failed, "unexpected", exception.Message, hint), SharedOptions.IsJson(parsed));
            return ExitCodes.Failed;
        }
    }

    /// <summary>Tells what is wrong with the command itself, with the nearest verb for one that there is not.</summary>
    private static int Misused(ParseResult parsed, Terminal terminal)
    {
        var messages = parsed.Errors.Select(e => Misuses.Explain(e.Message)).Distinct().ToList();
        if (parsed.UnmatchedTokens.Count > 0 && messages.Count > 1)
        {
            messages.RemoveAll(m => !parsed.UnmatchedTokens.Any(token => m.Contains(token, StringComparison.Ordinal)));
        }

        var command = parsed.CommandResult.Command;
        var near = parsed.UnmatchedTokens.Count == 0 ? null : Nearest.Find(parsed.UnmatchedTokens[0], command.Subcommands.Select(c => c.Name));
        var hint = (near is null ? "" : $"Did you mean {near}? ") + $"{PathOf(parsed)} --help says what there is.";
        FailureOutput.Write(terminal, new CliFailure(ExitCodes.Usage, "usage", string.Join(" ", messages), hint), SharedOptions.IsJson(parsed));
        return ExitCodes.Usage;
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command.Name);
        }

        return string.Join(" ", names);
    }
}
