using System.Text;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Execution;
using Minion.Tools.Registry;

namespace Minion.Tools.Api;

/// <summary>Reads requests; everything that is wrong with one is said at once.</summary>
internal static class ToolRequests
{
    private const int DefaultPageSize = 100;
    private const int LargestPage = 500;
    private const int LongestText = 200;
    private const int MostNames = 500;
    private const int LargestArguments = 1024 * 1024;
    private const int MostCapabilities = 64;

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static ToolPage Read(ListToolsRequest request)
    {
        var violations = new Violations();
        CheckText(violations, "query", request.Query);
        CheckText(violations, "category", request.Category);
        CheckText(violations, "source", request.Source);
        CheckText(violations, "owner", request.Owner);
        CheckText(violations, "tag", request.Tag);
        violations.Check(Enum.IsDefined(request.Status), "status", "must be draft, review, approved or deprecated, or unset.");
        violations.Check(request.Names.Count <= MostNames, "names", $"must have at most {MostNames} names, but has {request.Names.Count}.");
        violations.Check(request.PageSize is >= 0 and <= LargestPage, "page_size", $"must be 1 to {LargestPage}, or 0 for {DefaultPageSize}, but is {request.PageSize}.");
        var after = PageToken.Read(request.PageToken);
        violations.Check(after is not null, "page_token", "must be the next_page_token of an earlier answer.");
        violations.ThrowIfAny();

        var words = request.Query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var query = new ToolQuery(words, request.Category, [.. request.Names.Select(ToolReference.Parse)])
        {
            Status = request.Status,
            Source = request.Source,
            Owner = request.Owner,
            Tag = request.Tag,
            AllVersions = request.AllVersions,
        };
        return new ToolPage(query, request.PageSize == 0 ? DefaultPageSize : request.PageSize, after!);
    }

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static void Check(GetToolRequest request)
    {
        var violations = new Violations();
        CheckName(violations, request.Name);
        violations.ThrowIfAny();
    }

    /// <param name="request">The request.</param>
    /// <param name="effect">The effect of the tool that it names; null when there is none.</param>
    /// <param name="caller">Who makes it.</param>
    /// <param name="isFromService">Whether another service of Minion makes it in the caller's name.</param>
    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static ToolRequest Read(CallToolRequest request, Effect? effect, Caller caller, bool isFromService)
    {
        var violations = new Violations();
        CheckName(violations, request.Name);
        var size = Encoding.UTF8.GetByteCount(request.Arguments);
        violations.Check(size <= LargestArguments, "arguments", $"must have at most {LargestArguments} bytes, but has {size}.");
        CheckText(violations, "idempotency_key", request.IdempotencyKey);
        violations.Check(
            effect is null or Effect.ReadOnly || request.IdempotencyKey.Length > 0,
            "idempotency_key",
            $"must be given, because '{request.Name}' changes something.");
        Guid? runId = null;
        if (request.RunId.Length > 0)
        {
            var isId = Guid.TryParse(request.RunId, out var id);
            violations.Check(isId, "run_id", "must be the id of a run (a UUID), or empty.");
            runId = id;
        }

        CheckText(violations, "agent", request.Agent);
        violations.Check(request.Step >= 0, "step", $"must be at least 0, but is {request.Step}.");
        violations.Check(request.Call >= 0, "call", $"must be at least 0, but is {request.Call}.");
        CheckText(violations, "session_id", request.SessionId);
        CheckText(violations, "client", request.Client);
        violations.Check(request.Capabilities.Count <= MostCapabilities, "capabilities", $"must have at most {MostCapabilities}, but has {request.Capabilities.Count}.");
        foreach (var (i, capability) in request.Capabilities.Take(MostCapabilities).Index())
        {
            CheckText(violations, $"capabilities[{i}]", capability);
        }

        violations.Check(
            isFromService || (request.Answers.Count == 0 && request.InputState.Length == 0),
            "answers",
            "and input_state are taken from runs only: who makes a call must not be able to approve it as well.");
        violations.Check(isFromService || !request.Again, "again", "is taken from runs only: a person has decided it there. Use a new idempotency key.");
        violations.ThrowIfAny();
        return new ToolRequest(
            request.Name,
            request.Arguments,
            request.IdempotencyKey,
            new ToolCallOrigin(runId, request.Agent, request.Step, request.Call) { Session = request.SessionId, Client = request.Client, FromRun = isFromService, Capabilities = [.. request.Capabilities] },
            caller)
        {
            Answers = [.. request.Answers],
            InputState = request.InputState,
            Again = request.Again,
            Tainted = request.Tainted,
        };
    }

    private static void CheckName(Violations violations, string name)
    {
        if (violations.Check(name.Length > 0, "name", "must be given."))
        {
            CheckText(violations, "name", name);
        }
    }

    private static void CheckText(Violations violations, string field, string text)
    {
        violations.Check(text.Length <= LongestText, field, $"must have at most {LongestText} characters, but has {text.Length}.");
        violations.Check(!text.Any(char.IsControl), field, "must not have control characters.");
    }
}

/// <summary>Which part of which list is wanted.</summary>
/// <param name="Query">Which tools.</param>
/// <param name="Size">How many at most.</param>
/// <param name="After">The name that the page before ended with; empty for the first page.</param>
internal sealed record ToolPage(ToolQuery Query, int Size, string After);
