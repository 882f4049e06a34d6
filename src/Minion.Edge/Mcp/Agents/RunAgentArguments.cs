using System.Text;
using System.Text.Json;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Edge.Mcp.Agents;

/// <summary>The arguments of <c>run_agent</c>.</summary>
internal static class RunAgentArguments
{
    private const int LongestInput = 1024 * 1024;
    private const int LongestName = 200;
    private static readonly string[] Names = ["agent", "input", "session_id", "request_id"];

    /// <summary>Everything that is wrong with them; empty when nothing is.</summary>
    public static IReadOnlyList<string> Read(IDictionary<string, JsonElement>? arguments, out StartRunRequest request)
    {
        var wrong = new List<string>();
        arguments ??= new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        wrong.AddRange(arguments.Keys.Except(Names).Take(10).Select(name => $"There is no argument '{Shorten(name)}'."));
        request = new StartRunRequest
        {
            Agent = Text("agent", required: true, LongestName),
            Input = Text("input", required: true, LongestInput),
            SessionId = Text("session_id", required: false, LongestName),
            RequestId = Text("request_id", required: false, LongestName),
        };
        return wrong;

        string Text(string name, bool required, int longest)
        {
            if (!arguments.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                if (required)
                {
                    wrong.Add($"'{name}' must be given.");
                }

                return "";
            }

            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
            if (text is null || Encoding.UTF8.GetByteCount(text) > longest || (required && text.Length == 0))
            {
                wrong.Add($"'{name}' must be a text of {(required ? 1 : 0)} to {longest} bytes.");
                return "";
            }

            return text;
        }
    }

    private static string Shorten(string name) => name.Length <= 50 ? name : name[..50];
}
