using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Starts a run, and what can be done with one afterwards.</summary>
internal static class RunVerb
{
    private static readonly Argument<string?> Agent = new("agent") { Description = "The agent's name.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Message = new("--message", "-m") { Description = "What to do; without it the standard input is read.", HelpName = "text" };
    private static readonly Option<bool> Follow = new("--follow") { Description = "Shows each entry of the journal as it happens." };
    private static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Returns as soon as the run is accepted, with its id." };
    private static readonly Option<string?> Session = new("--session") { Description = "The session that the run is a turn of.", HelpName = "id" };
    private static readonly Option<string?> Turns = Policies();

    private static readonly Option<string?> RequestId = new("--request-id")
    {
        Description = "Starting a run again with the same id starts no second one.",
        HelpName = "id",
    };

    private static readonly Option<int> Priority = new("--priority") { Description = "-100 to 100; higher goes first.", HelpName = "number" };

    private static readonly Option<DateTimeOffset?> At = new("--at") { Description = "When to begin, for example 2026-01-31T08:00+01:00; at most a year ahead.", HelpName = "time" };

    public static Command Create(Terminal terminal) =>
        new Command("run", "Runs an agent: waits for the answer and writes it, unless --follow or --detach is given. Ctrl-C stops waiting; the run goes on.")
        {
            Agent, Message, Follow, Detach, Session, Turns, RequestId, Priority, At,
            RunShowVerb.Create(terminal),
            RunAnswerVerb.Create(terminal),
            RunCancelVerb.Create(terminal),
            RunRetryVerb.Create(terminal),
        }.Does(terminal, StartAsync);

    private static Option<string?> Policies()
    {
        var option = new Option<string?>("--turns") { Description = "What becomes of it while another run of the session is under way; what the session says unless given.", HelpName = "queue|reject|interrupt" };
        option.AcceptOnlyFromAmong("queue", "reject", "interrupt");
        return option;
    }

    private static async Task<int> StartAsync(Invocation invocation, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        var agent = invocation.Get(Agent) ?? throw new CliFailure(
            ExitCodes.Usage, "usage", "Which agent?", "minion run AGENT -m TEXT; minion get agents lists them.");
        var input = invocation.Get(Message) ?? (terminal.InIsTerminal
            ? throw new CliFailure(ExitCodes.Usage, "usage", "What should the agent do?", $"minion run {agent} -m \"…\"")
            : await terminal.In.ReadToEndAsync(cancellation));

        using var connection = invocation.Connect();
        var response = await connection.Runs.StartRunAsync(
            new StartRunRequest
            {
                Agent = agent,
                Input = input,
                SessionId = invocation.Get(Session) ?? "",
                Turns = invocation.Get(Turns) is { } turns ? System.Enum.Parse<TurnPolicy>(turns, ignoreCase: true) : TurnPolicy.Unspecified,
                RequestId = invocation.Get(RequestId) ?? RequestIds.Create(terminal.Time),
                Priority = invocation.Get(Priority),
                StartAt = invocation.Get(At)?.ToTimestamp(),
            },
            connection.Call(cancellation));

        if (invocation.Get(Detach))
        {
            RunOutput.Accepted(invocation, response.Run);
            return ExitCodes.Ok;
        }

        return await RunOutput.FollowAsync(invocation, connection, response.Run.Id, invocation.Get(Follow), cancellation);
    }
}
