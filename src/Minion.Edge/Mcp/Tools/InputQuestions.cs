using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Minion.Contracts.Tools.V1;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using InputRequest = Minion.Contracts.Tools.V1.InputRequest;
using McpInputRequest = ModelContextProtocol.Protocol.InputRequest;
using Role = ModelContextProtocol.Protocol.Role;

namespace Minion.Edge.Mcp.Tools;

/// <summary>What a tool needs said, as MCP asks for it: questions by elicitation, a model's words by sampling.</summary>
internal static class InputQuestions
{
    public const string TextField = "answer";
    private const int MaxTokens = 1_000;

    private static readonly JsonTypeInfo<ElicitRequestParams.RequestSchema> Schema =
        (JsonTypeInfo<ElicitRequestParams.RequestSchema>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ElicitRequestParams.RequestSchema));

    /// <summary>Why the client cannot be asked; null when it can.</summary>
    public static string? WhyNot(McpServer server, InputRequired needed)
    {
        var kinds = needed.Requests.Select(r => Asked(r).Kind).ToHashSet();
        var can = server.ClientCapabilities;
        return !server.IsMrtrSupported ? "The tool needs something answered first, which this client cannot be asked for: it has no session, and its version of the protocol knows no other way."
            : kinds.Contains(AnswerKind.Model) && can?.Sampling is null ? "The tool needs a model's words, and this client does not let servers use its model (capability sampling)."
            : kinds.Contains(AnswerKind.Page) && can?.Elicitation?.Url is null ? $"The tool needs a page to be opened, and this client does not do that (capability elicitation.url): {needed.Requests.Select(r => r.Question?.Url).First(url => url?.Length > 0)}"
            : kinds.Overlaps([AnswerKind.Form, AnswerKind.Text]) && can?.Elicitation is null ? $"The tool has a question, and this client does not ask people (capability elicitation): {needed.Requests.First(r => r.Question is not null).Question.Message}"
            : null;
    }

    /// <summary>What is remembered of a question.</summary>
    public static AskedQuestion Asked(InputRequest request) => new(request.Id, request.KindCase switch
    {
        InputRequest.KindOneofCase.Model => AnswerKind.Model,
        _ when request.Question?.Url.Length > 0 => AnswerKind.Page,
        _ when request.Question?.Schema.Length > 0 => AnswerKind.Form,
        _ => AnswerKind.Text,
    });

    public static McpInputRequest Write(InputRequest request) =>
        request.KindCase == InputRequest.KindOneofCase.Model ? McpInputRequest.ForSampling(Sampling(request.Model)) : McpInputRequest.ForElicitation(Elicitation(request));

    private static ElicitRequestParams Elicitation(InputRequest request) => request.Question.Url.Length > 0
        ? new ElicitRequestParams { Mode = "url", Message = request.Question.Message, Url = request.Question.Url, ElicitationId = request.Id }
        : new ElicitRequestParams { Message = request.Question.Message, RequestedSchema = SchemaOf(request.Question.Schema) };

    private static ElicitRequestParams.RequestSchema SchemaOf(string schema)
    {
        if (schema.Length == 0)
        {
            return new ElicitRequestParams.RequestSchema
            {
                Properties = { [TextField] = new ElicitRequestParams.StringSchema { Title = "Answer" } },
                Required = [TextField],
            };
        }

        try
        {
            return JsonSerializer.Deserialize(schema, Schema)!;
        }
        catch (JsonException wrong)
        {
            throw new McpException("The tool asks with a form that MCP cannot show: its fields must be flat.", wrong);
        }
    }

    private static CreateMessageRequestParams Sampling(ModelRequest request) => new()
    {
        Messages = [.. request.Messages.Select(m => new SamplingMessage
        {
            Role = m.Role == "assistant" ? Role.Assistant : Role.User,
            Content = [new TextContentBlock { Text = m.Text }],
        })],
        SystemPrompt = request.SystemPrompt.Length > 0 ? request.SystemPrompt : null,
        MaxTokens = request.MaxTokens > 0 ? request.MaxTokens : MaxTokens,
        Temperature = request.HasTemperature ? (float)request.Temperature : null,
        StopSequences = request.StopSequences.Count > 0 ? [.. request.StopSequences] : null,
    };
}
