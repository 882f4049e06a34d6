namespace Minion.Tools.Tests.Mcp;

/// <summary>Servers written for the shell, which behave as no library would let them.</summary>
internal static class ShellServer
{
    private const string Tools =
        """
        '{"tools":[{"name":"do","inputSchema":{"type":"object"}},{"name":"read","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}'
        """;

    /// <summary>The settings of a server with the tools <c>do</c> (changes something) and <c>read</c>.</summary>
    /// <param name="onCall">What it does when a tool is called; <c>text WORDS</c> answers.</param>
    /// <param name="start">What it does at its start.</param>
    /// <param name="environment">Its variables.</param>
    /// <param name="list">The JSON of its tools, as a word of the shell.</param>
    /// <param name="other">A further case, for what else it is told.</param>
    /// <param name="trusted">Whether what it says that its tools change counts.</param>
    public static string Settings(
        string onCall, string start = ":", IReadOnlyDictionary<string, string>? environment = null, string list = Tools,
        string other = "", bool trusted = false) => McpTesting.Json(new
        {
            trust_annotations = trusted,
            command = "sh",
            args = new[] { "-c", Script(onCall, start, list, other) },
            env = environment ?? new Dictionary<string, string>(),
            protocol = "2025-11-25",
        });

    private static string Script(string onCall, string start, string list, string other) =>
        $$$"""
        answer() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"; }
        text() { answer "{\"content\":[{\"type\":\"text\",\"text\":\"$1\"}]}"; }
        {{{start}}}
        while IFS= read -r line; do
          id=$(printf '%s' "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
          case $line in
            *'"method":"initialize"'*) answer '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"sh","version":"1"}}' ;;
            *'"method":"tools/list"'*) answer {{{list}}} ;;
            *'"method":"tools/call"'*) {{{onCall}}} ;;
            {{{other}}}
          esac
        done
        """;
}
