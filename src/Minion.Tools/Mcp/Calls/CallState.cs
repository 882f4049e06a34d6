using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Minion.Tools.Mcp.Calls;

/// <summary>What a call that has asked needs to know when it is made again; kept by the run, at most 64 KiB.</summary>
internal sealed record CallState
{
    public const int Largest = 64 * 1024;

    /// <summary>The form of this record.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The call as it is held open; null when the server keeps nothing open.</summary>
    public Guid? Held { get; init; }

    /// <summary>The server's own state; null when it gave none.</summary>
    public string? Server { get; init; }

    /// <summary>What has been asked and not been answered yet.</summary>
    public IReadOnlyList<AskedQuestion> Asked { get; init; } = [];

    /// <summary>What was answered earlier in the same call, for when it has to be made anew.</summary>
    public IReadOnlyList<SaidAnswer> Said { get; init; } = [];

    /// <summary>How often the call has been made again.</summary>
    public int Rounds { get; init; }

    /// <summary>Reads what <see cref="Write"/> gave; null when it is something else.</summary>
    public static CallState? Read(string text)
    {
        try
        {
            return text.Length is 0 or > Largest ? null : JsonSerializer.Deserialize(text, CallJson.Default.CallState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The state as text; without the earlier answers when it would be too large with them; null when it is too large all the same.</summary>
    public string? Write()
    {
        var text = JsonSerializer.Serialize(this, CallJson.Default.CallState);
        if (Encoding.UTF8.GetByteCount(text) > Largest && Said.Count > 0)
        {
            return (this with { Said = [] }).Write();
        }

        return Encoding.UTF8.GetByteCount(text) <= Largest ? text : null;
    }

    /// <summary>The same question has the same key.</summary>
    public static string KeyOf(string method, JsonObject parameters)
    {
        var copy = parameters.DeepClone().AsObject();
        copy.Remove("_meta");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(method + copy.ToJsonString())))[..32];
    }
}

/// <summary>A question on its way to whoever answers.</summary>
/// <param name="Id">What the answer will carry.</param>
/// <param name="Name">What the server calls it; empty for one that it sent as a request.</param>
/// <param name="Method">The protocol's method.</param>
/// <param name="Key">The same question has the same key.</param>
/// <param name="Defaults">The values that the form begins with.</param>
internal sealed record AskedQuestion(string Id, string Name, string Method, string Key, JsonObject? Defaults = null);

/// <summary>An answer as the server is given it.</summary>
internal sealed record SaidAnswer(string Key, JsonObject Answer);

/// <summary>Source-generated serialization of what a call keeps.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallState))]
internal sealed partial class CallJson : JsonSerializerContext;
