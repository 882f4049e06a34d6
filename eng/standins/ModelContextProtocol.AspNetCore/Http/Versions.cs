using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace ModelContextProtocol.AspNetCore.Http;

/// <summary>The versions of the protocol. They are dates: their order is that of their texts.</summary>
internal static class Versions
{
    public const string Header = "MCP-Protocol-Version";

    // The first one without sessions, in which each request says all about itself.
    private const string FirstModern = "2026-07-28";
    private static readonly string[] Legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    private static readonly string[] Modern = [FirstModern];

    public static bool IsSupported(string version, bool servesModern) => Legacy.Contains(version) || (servesModern && Modern.Contains(version));

    /// <summary>The versions that a client is told to use instead: those that <c>server/discover</c> gives, else those that begin with <c>initialize</c>.</summary>
    public static IReadOnlyList<string> Offered(bool servesModern) => servesModern ? Modern : Legacy;

    public static bool IsModern(string? version) => string.CompareOrdinal(version, FirstModern) >= 0;

    /// <summary>The version that the header names; null without one.</summary>
    public static string? OfHeader(HttpRequest request) => request.Headers[Header] is [{ Length: > 0 } version, ..] ? version.Trim() : null;

    /// <summary>The version that the message itself names; null without one.</summary>
    public static string? OfBody(JsonRpcMessage message) =>
        message is JsonRpcRequest { Params: JsonObject parameters } && parameters["_meta"] is JsonObject meta
        && meta[MetaKeys.ProtocolVersion] is JsonValue version && version.TryGetValue<string>(out var text)
            ? text
            : null;
}
