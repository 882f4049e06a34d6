using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Minion.Contracts.Callers;

namespace Minion.Edge.OpenAi.Answers;

/// <summary>What a client asks, whatever API it asks through.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Model">The model's name as the client wrote it.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">What the answer is to be like.</param>
/// <param name="Headers">Where the answer's headers go, until it starts.</param>
internal sealed record Ask(Caller Caller, string Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, IHeaderDictionary Headers)
{
    /// <summary>Makes the request repeatable: the header <c>Idempotency-Key</c>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What the API calls the fields, for errors.</summary>
    public FieldNames Fields { get; init; } = FieldNames.Chat;
}
