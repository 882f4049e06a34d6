namespace Minion.Tools;

/// <summary>Reads arguments that the schema has checked.</summary>
internal static class CallArguments
{
    /// <summary>The text of an argument, or the default.</summary>
    public static string Text(this ToolCall call, string name, string otherwise = "") =>
        call.Arguments.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;

    /// <summary>The whole number of an argument, or the default.</summary>
    public static int Number(this ToolCall call, string name, int otherwise) =>
        call.Arguments.TryGetProperty(name, out var value) ? (int)value.GetDouble() : otherwise;

    /// <summary>The truth of an argument, or the default.</summary>
    public static bool Truth(this ToolCall call, string name, bool otherwise = false) =>
        call.Arguments.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;
}
