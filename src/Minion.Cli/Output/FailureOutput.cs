using System.Text.Json.Nodes;

namespace Minion.Cli.Output;

internal static class FailureOutput
{
    public static void Write(Terminal terminal, CliFailure failure, bool json)
    {
        if (json)
        {
            terminal.Error.WriteLine(Json(failure).ToJsonString(JsonOutput.Compact));
            return;
        }

        if (failure.Fields.Count == 0)
        {
            terminal.Error.WriteLine("minion: " + failure.Message);
        }

        foreach (var field in failure.Fields)
        {
            terminal.Error.WriteLine($"{field.Field}: {field.Message}");
        }

        if (failure.Hint.Length > 0)
        {
            terminal.Error.WriteLine(failure.Hint);
        }
    }

    private static JsonObject Json(CliFailure failure)
    {
        var error = new JsonObject
        {
            ["kind"] = failure.Kind,
            ["message"] = failure.Message,
            ["hint"] = failure.Hint,
            ["exit_code"] = failure.ExitCode,
        };
        if (failure.Fields.Count > 0)
        {
            error["fields"] = new JsonArray([.. failure.Fields.Select(f => new JsonObject { ["field"] = f.Field, ["message"] = f.Message })]);
        }

        return new JsonObject { ["error"] = error };
    }
}
