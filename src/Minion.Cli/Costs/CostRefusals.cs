using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Cli.Costs;

/// <summary>What the server refuses of budgets and costs, by the names that the command line has for it.</summary>
internal static class CostRefusals
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["budget.amount"] = "amount",
        ["budget.subject"] = "--agent, --user or --run",
        ["budget.webhook_url"] = "--webhook",
        ["since"] = "--since",
        ["until"] = "--until",
        ["agent"] = "--agent",
        ["user"] = "--user",
        ["model"] = "--model",
    };

    /// <summary>The call's answer.</summary>
    /// <exception cref="CliFailure">The server refused it for something that was typed.</exception>
    public static async Task<T> AnswerAsync<T>(AsyncUnaryCall<T> call, string command)
    {
        try
        {
            return await call;
        }
        catch (RpcException refused) when (Explain(refused, command) is not null)
        {
            throw Explain(refused, command)!;
        }
    }

    /// <summary>Null when it is nothing that the command line has a name for.</summary>
    public static CliFailure? Explain(RpcException refused, string command)
    {
        var details = FaultDetails.From(refused);
        if (details.Reason == "BUDGET_NOT_FOUND")
        {
            return new CliFailure(ExitCodes.Refused, details.Reason.ToLowerInvariant(), refused.Status.Detail, "minion budget list shows the ids.");
        }

        if (details.Fields.Count == 0)
        {
            return null;
        }

        List<FieldViolation> fields = [.. details.Fields.Select(f => new FieldViolation(Names.GetValueOrDefault(f.Field, f.Field), f.Message))];
        var message = string.Join(" ", fields.Select(f => $"{f.Field}: {f.Message}"));
        return new CliFailure(ExitCodes.Refused, details.Reason.ToLowerInvariant(), message, $"{command} --help says what is allowed.", fields);
    }
}
