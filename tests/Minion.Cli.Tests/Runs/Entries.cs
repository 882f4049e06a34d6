using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Runs;

/// <summary>Parts of a watched run, short to write.</summary>
internal static class Entries
{
    public static WatchRunResponse Part(this Entry entry) => new() { Entry = entry };

    public static Entry Says(int step, string text) => new() { Step = step, Model = new ModelEntry { Text = text, FinishReason = "stop" } };

    public static Entry Calls(int step, params (string Tool, string Arguments)[] calls)
    {
        var model = new ModelEntry { FinishReason = "tool_calls" };
        model.ToolCalls.AddRange(calls.Select((c, i) => new ToolCall { Call = i, Tool = c.Tool, Arguments = c.Arguments }));
        return new Entry { Step = step, Model = model };
    }

    public static Entry Result(int step, int call, string tool, string result) =>
        new() { Step = step, Call = call, Tool = new ToolEntry { Tool = tool, Result = result } };

    public static Entry Fails(int step, int call, string tool, string message) =>
        new() { Step = step, Call = call, Tool = new ToolEntry { Tool = tool, Failure = new ToolFailure { Message = message } } };

    public static Entry Completed(string output) => new() { Completed = new CompletedEntry { Output = output } };

    public static WatchRunResponse Printed(int number, string text) => new() { ToolOutput = new ToolOutput { Step = 1, Epoch = 1, Number = number, Tool = "shell", Text = text } };

    public static WatchRunResponse Delta(int step, int offset, string text, int attempt = 1, long epoch = 1) =>
        new() { Delta = new Delta { Step = step, Offset = offset, Text = text, Attempt = attempt, Epoch = epoch } };
}
