using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Orchestration.Runs.Journal;

/// <summary>
/// How payloads are stored: JSON with the schema version <c>v</c>, the kind beside it, never a .NET type name. A property that a
/// payload gains later must have a default, so that recorded journals fold in every later release.
/// </summary>
internal static class EntryJson
{
    private const string VersionPrefix = "{\"v\":1";

    /// <summary>The payload as it is stored. NUL, which jsonb refuses, becomes U+2400 (its visible symbol).</summary>
    public static string Write(EntryPayload payload)
    {
        var json = JsonSerializer.Serialize(payload, payload.GetType(), EntryJsonContext.Default);
        var body = json.Length == 2 ? "}" : string.Concat(",", json.AsSpan(1));
        return StoredText.CleanJson(VersionPrefix + body);
    }

    /// <summary>The payload of a stored entry.</summary>
    /// <exception cref="NotSupportedException">The entry was written by a newer release.</exception>
    public static EntryPayload Read(string kind, string json) => kind switch
    {
        "context" => Read<ContextRecorded>(json),
        "model" => Read<ModelAnswered>(json),
        "intent" => Read<CallIntended>(json),
        "tool" => Read<CallReturned>(json),
        "input" => Read<InputAsked>(json),
        "input_model" => Read<ModelHelped>(json),
        "attempt_failed" => Read<AttemptFailed>(json),
        "question" => Read<QuestionAsked>(json),
        "signal" => Read<SignalReceived>(json),
        "child_started" => Read<ChildStarted>(json),
        "child" => Read<ChildEnded>(json),
        "expired" => Read<QuestionExpired>(json),
        "time" => Read<TimeReached>(json),
        "completed" => Read<RunCompleted>(json),
        "failed" => Read<RunFailed>(json),
        "cancelled" => Read<RunCancelled>(json),
        _ => throw new NotSupportedException($"The journal has an entry of kind '{kind}', which this release does not know. Run a newer release."),
    };

    private static T Read<T>(string json)
        where T : EntryPayload =>
        (T)JsonSerializer.Deserialize(json, typeof(T), EntryJsonContext.Default)!;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ContextRecorded))]
[JsonSerializable(typeof(ModelAnswered))]
[JsonSerializable(typeof(CallIntended))]
[JsonSerializable(typeof(CallReturned))]
[JsonSerializable(typeof(InputAsked))]
[JsonSerializable(typeof(ModelHelped))]
[JsonSerializable(typeof(AttemptFailed))]
[JsonSerializable(typeof(QuestionAsked))]
[JsonSerializable(typeof(SignalReceived))]
[JsonSerializable(typeof(ChildStarted))]
[JsonSerializable(typeof(ChildEnded))]
[JsonSerializable(typeof(TimeReached))]
[JsonSerializable(typeof(QuestionExpired))]
[JsonSerializable(typeof(RunCompleted))]
[JsonSerializable(typeof(RunFailed))]
[JsonSerializable(typeof(RunCancelled))]
internal sealed partial class EntryJsonContext : JsonSerializerContext;
