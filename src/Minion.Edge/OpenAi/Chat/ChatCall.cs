using Microsoft.Extensions.AI;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>A request for a chat completion, read and checked.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">What the answer is to be like.</param>
/// <param name="Choices">How many answers.</param>
/// <param name="Streamed">Whether the answer comes as events.</param>
/// <param name="WithUsage">Whether the stream ends with the token counts.</param>
internal sealed record ChatCall(string Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, int Choices, bool Streamed, bool WithUsage);
