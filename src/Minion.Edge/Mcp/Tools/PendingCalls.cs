using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp.Tools;

/// <summary>
/// Calls that need something said first. Nothing of them is kept here: the client carries what belongs to them, sealed, and calls again with
/// the answers. An approval is not the client's to give: who makes a call must not be able to approve it as well.
/// </summary>
internal sealed class PendingCalls(Seal seal, IOptions<McpOptions> options)
{
    private const string Purpose = "mcp-pending-call";

    /// <summary>Puts into the call what the client says of an earlier one.</summary>
    /// <exception cref="McpProtocolException">The state is none of this caller's for this call, or has lapsed.</exception>
    public void Resume(RequestContext<CallToolRequestParams> request, Caller caller, CallToolRequest call)
    {
        if (request.Params!.RequestState is not { Length: > 0 } carried)
        {
            return;
        }

        var state = seal.Open(carried, Purpose) is { } text ? JsonSerializer.Deserialize(text, PendingJson.Default.PendingCall) : null;
        if (state is null || state.Owner != OwnerOf(caller, call))
        {
            throw new McpProtocolException("The requestState is none of this call, was changed, or has lapsed: call anew without it.", McpErrorCode.InvalidParams);
        }

        call.IdempotencyKey = state.Key;
        var responses = request.Params.InputResponses;
        if (responses is not null && state.Questions.All(asked => responses.ContainsKey(asked.Id)))
        {
            call.InputState = state.State;
            call.Answers.Add(state.Questions.Select(asked => InputAnswers.Read(asked, responses[asked.Id])));
        }
    }

    /// <summary>Asks the client, or says why it cannot be asked.</summary>
    /// <exception cref="InputRequiredException">The way in which the SDK is told what to ask.</exception>
    public CallToolResult Suspend(RequestContext<CallToolRequestParams> request, Caller caller, CallToolRequest call, InputRequired needed)
    {
        if (needed.Requests.FirstOrDefault(r => r.KindCase == Contracts.Tools.V1.InputRequest.KindOneofCase.Approval)?.Approval is { } approval)
        {
            return McpFailures.Result(
                $"The call needs a person's approval: {approval.Reason}", "Let an agent make it with run_agent: its approvals go to the inbox of this server.");
        }

        if (InputQuestions.WhyNot(request.Server, needed) is { } reason)
        {
            return McpFailures.Result(reason);
        }

        var state = new PendingCall(OwnerOf(caller, call), call.IdempotencyKey, needed.State, [.. needed.Requests.Select(InputQuestions.Asked)]);
        var carried = seal.Close(JsonSerializer.Serialize(state, PendingJson.Default.PendingCall), Purpose, TimeSpan.FromMinutes(options.Value.AnswerMinutes));
        throw new InputRequiredException(needed.Requests.ToDictionary(r => r.Id, InputQuestions.Write, StringComparer.Ordinal), carried);
    }

    private static string OwnerOf(Caller caller, CallToolRequest call) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Tenant}\n{caller.Principal}\n{call.Name}\n{call.Arguments}")));
}
