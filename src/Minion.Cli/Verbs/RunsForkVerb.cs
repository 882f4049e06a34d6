using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunsForkVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("run") { Description = "The run's id." };
        var step = new Option<int?>("--step") { Description = "Goes on from this step; what came before is taken over. Without it, from the end.", HelpName = "number" };
        var seq = new Option<long?>("--seq") { Description = "Goes on after this entry of the journal.", HelpName = "number" };
        var model = new Option<string?>("--model") { Description = "Another model.", HelpName = "name" };
        var instructions = new Option<FileInfo?>("--instructions-file") { Description = "Other instructions.", HelpName = "file" };
        var version = new Option<int>("--agent-version") { Description = "Another version of the agent.", HelpName = "number" };
        var input = new Option<string?>("--message", "-m") { Description = "Another input.", HelpName = "text" };
        var follow = new Option<bool>("--follow") { Description = "Shows each entry of the new run as it happens." };
        var detach = new Option<bool>("--detach", "-d") { Description = "Returns at once, with the new run's id." };
        return new Command("fork", "Copies a run up to a point into a new one, which goes on from there, with another model, prompt or version.")
        {
            id, step, seq, model, instructions, version, input, follow, detach,
        }.Does(terminal, async (invocation, cancellation) =>
        {
            var request = new ForkRunRequest
            {
                RunId = invocation.Get(id)!,
                At = JournalPoints.Of(invocation.Get(step), invocation.Get(seq)),
                Model = invocation.Get(model) ?? "",
                AgentVersion = invocation.Get(version),
                RequestId = RequestIds.Create(invocation.Terminal.Time),
            };
            if (invocation.Get(instructions) is { } file)
            {
                if (!file.Exists)
                {
                    throw new CliFailure(ExitCodes.Usage, "file", $"There is no file '{file}'.", "--instructions-file names a file with the other instructions.");
                }

                request.Instructions = await File.ReadAllTextAsync(file.FullName, cancellation);
            }

            if (invocation.Get(input) is { } text)
            {
                request.Input = text;
            }

            using var connection = invocation.Connect();
            var response = await connection.History.ForkRunAsync(request, connection.Call(cancellation));
            if (invocation.Get(detach))
            {
                RunOutput.Accepted(invocation, response.Run);
                return ExitCodes.Ok;
            }

            Announce(invocation, response.Run);
            return await RunOutput.FollowAsync(invocation, connection, response.Run.Id, invocation.Get(follow), cancellation);
        });
    }

    /// <summary>Says which run is the new one.</summary>
    public static void Announce(Invocation invocation, Run fork)
    {
        if (!invocation.Json)
        {
            invocation.Terminal.Error.WriteLine($"Run {fork.Id} goes on from entry {fork.FromSeq} of run {fork.ForkedFrom}.");
        }
    }
}
