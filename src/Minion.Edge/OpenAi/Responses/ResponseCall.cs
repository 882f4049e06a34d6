using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minion.Edge.OpenAi.Responses;

/// <summary>A request for a response, read and checked.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Messages">The instructions and the input.</param>
/// <param name="Options">What the answer is to be like.</param>
/// <param name="Streamed">Whether the answer comes as events.</param>
/// <param name="Said">The request itself, for what the answer repeats of it.</param>
internal sealed record ResponseCall(string Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool Streamed, JsonElement Said);
