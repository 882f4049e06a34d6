using System.Text;
using System.Text.Json;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>Reads the arguments that the tools for code share.</summary>
internal static class CodeArguments
{
    /// <summary>The command with files, input and time; or what is wrong.</summary>
    public static ToolFailure? Read(JsonElement arguments, ref SandboxCommand command)
    {
        var files = new List<SandboxFile>();
        foreach (var file in Items(arguments, "files"))
        {
            var path = file.GetProperty("path").GetString()!;
            if (!IsInside(path))
            {
                return ToolOutcome.Failed($"The path '{path}' does not stay in the home folder.", "Use a relative path without '..', for example data/input.csv.");
            }

            if (Content(file) is not { } content)
            {
                return ToolOutcome.Failed($"The file '{path}' has no content that can be read.", "Give exactly one of text and base64.");
            }

            files.Add(new SandboxFile(path, content));
        }

        command = command with
        {
            Files = files,
            Input = arguments.TryGetProperty("stdin", out var input) ? input.GetString()! : "",
            Wanted = [.. Items(arguments, "return_files").Select(path => path.GetString()!)],
            Timeout = arguments.TryGetProperty("timeout_seconds", out var seconds) ? TimeSpan.FromSeconds(seconds.GetDouble()) : null,
        };
        return null;
    }

    private static bool IsInside(string path) =>
        !path.StartsWith('/') && Array.TrueForAll(path.Split('/'), part => part is not (".." or "."));

    private static byte[]? Content(JsonElement file)
    {
        var (hasText, hasBytes) = (file.TryGetProperty("text", out var text), file.TryGetProperty("base64", out var bytes));
        return (hasText, hasBytes) switch
        {
            (true, false) => Encoding.UTF8.GetBytes(text.GetString()!),
            (false, true) => bytes.TryGetBytesFromBase64(out var content) ? content : null,
            _ => null,
        };
    }

    private static IEnumerable<JsonElement> Items(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];
}
