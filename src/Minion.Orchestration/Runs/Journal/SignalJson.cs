using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>A signal's payload as it is stored; id, kind and number have columns of their own.</summary>
internal sealed record StoredSignalPayload(int V, string? QuestionId, string? Choice, string? Text, string Principal, string? Arguments = null);

/// <summary>Signals to and from their stored form.</summary>
internal static class SignalJson
{
    public static string Write(string? questionId, string? choice, string? text, string principal, string? arguments = null) =>
        StoredText.CleanJson(JsonSerializer.Serialize(
            new StoredSignalPayload(1, questionId, choice, text, principal, arguments), SignalJsonContext.Default.StoredSignalPayload));

    public static SignalReceived Read(long seq, string id, string kind, string json)
    {
        var payload = JsonSerializer.Deserialize(json, SignalJsonContext.Default.StoredSignalPayload)!;
        return new SignalReceived(seq, id, kind, payload.QuestionId, payload.Choice, payload.Text, payload.Principal) { Arguments = payload.Arguments };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredSignalPayload))]
internal sealed partial class SignalJsonContext : JsonSerializerContext;
