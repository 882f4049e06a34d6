using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Minion.Contracts.Tools.V1;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Minion.Edge.Mcp.Tools;

/// <summary>What a client answered, as tools take it.</summary>
internal static class InputAnswers
{
    private static readonly JsonTypeInfo<IDictionary<string, JsonElement>> Fields =
        (JsonTypeInfo<IDictionary<string, JsonElement>>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, JsonElement>));

    /// <exception cref="McpProtocolException">The answer is not of the sort that was asked for.</exception>
    public static InputAnswer Read(AskedQuestion asked, InputResponse response)
    {
        try
        {
            return asked.Kind == AnswerKind.Model
                ? new InputAnswer { Id = asked.Id, Model = Model(response.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo)) }
                : new InputAnswer { Id = asked.Id, Question = Question(asked.Kind, response.Deserialize(InputResponse.ElicitResultJsonTypeInfo)) };
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new McpProtocolException($"The answer to '{asked.Id}' is not of the sort that was asked for.", wrong, McpErrorCode.InvalidParams);
        }
    }

    private static QuestionAnswer Question(AnswerKind kind, ElicitResult? result) => result?.Action switch
    {
        "accept" => new QuestionAnswer { Action = QuestionAnswer.Types.Action.Accept, Content = Content(kind, result.Content) },
        "decline" => new QuestionAnswer { Action = QuestionAnswer.Types.Action.Decline },
        "cancel" => new QuestionAnswer { Action = QuestionAnswer.Types.Action.Cancel },
        _ => throw new JsonException("An elicitation is accepted, declined or cancelled."),
    };

    private static string Content(AnswerKind kind, IDictionary<string, JsonElement>? content) => kind switch
    {
        AnswerKind.Text when content is not null && content.TryGetValue(InputQuestions.TextField, out var text) => text.GetRawText(),
        AnswerKind.Text => "\"\"",
        AnswerKind.Page => "",
        _ => content is null ? "{}" : JsonSerializer.Serialize(content, Fields),
    };

    private static ModelAnswer Model(CreateMessageResult? result) => result is null
        ? throw new JsonException("There is no message.")
        : new ModelAnswer
        {
            Text = string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text)),
            Model = result.Model ?? "",
            StopReason = result.StopReason switch { "maxTokens" => "max_tokens", "stopSequence" => "stop_sequence", _ => "end_turn" },
        };
}
