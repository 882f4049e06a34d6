using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;

namespace Minion.Orchestration.Sessions;

/// <summary>One message of a session. <see cref="Seq"/> counts from 1 within the session, without gaps; null <see cref="RunId"/>: a caller appended it.</summary>
internal sealed record SessionMessage(
    long Seq, Role Role, string Content, IReadOnlyList<SessionToolCall> ToolCalls, Guid? RunId, DateTimeOffset CreatedAt)
{
    public bool Pinned { get; init; }

    public bool Interrupted { get; init; }

    public Message ToMessage() => new()
    {
        Seq = Seq,
        Role = Role,
        Content = Content,
        ToolCalls = { ToolCalls.Select(c => new ToolCallRecord { Tool = c.Tool, Arguments = c.Arguments, Result = c.Result, Failed = c.Failed }) },
        RunId = RunId?.ToString() ?? "",
        CreatedAt = Timestamp.FromDateTimeOffset(CreatedAt),
        Pinned = Pinned,
        Interrupted = Interrupted,
        Tokens = TokenEstimate.OfMessage(Encoding.UTF8.GetByteCount(Content)),
    };
}

/// <summary>A tool call as a message remembers it; arguments and result are JSON texts.</summary>
internal sealed record SessionToolCall(string Tool, string Arguments, string Result, bool Failed)
{
    /// <summary>The stored form; null when there are none.</summary>
    public static string? ToJson(IReadOnlyList<SessionToolCall> calls) =>
        calls.Count == 0 ? null : JsonSerializer.Serialize(calls, SessionJson.Default.IReadOnlyListSessionToolCall);

    public static IReadOnlyList<SessionToolCall> FromJson(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, SessionJson.Default.IReadOnlyListSessionToolCall) ?? [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<SessionToolCall>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SessionJson : JsonSerializerContext;
