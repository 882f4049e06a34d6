using System.Collections.Concurrent;
using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools;

namespace Minion.Orchestration.Tests.Hosting;

/// <summary>A tool that needs something said before it does what it is called for. Keeps what it was called with.</summary>
internal sealed class AskingTool(Effect effect, params InputRequest[] needs) : ITool
{
    public ConcurrentQueue<ToolCall> Calls { get; } = new();

    /// <summary>Arguments and answers of the calls that had an effect.</summary>
    public ConcurrentQueue<string> Effects { get; } = new();

    /// <summary>Whether it needs the same again when it has been answered.</summary>
    public bool IsEndless { get; init; }

    public ToolDescription Description { get; } = new()
    {
        Name = "book",
        Version = "1",
        Description = "Books a table.",
        InputSchema = """{"type":"object"}""",
        OutputSchema = """{"type":"object"}""",
        Policy = new Tools.ToolPolicy(effect) { Timeout = TimeSpan.FromMinutes(1) },
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        Calls.Enqueue(call);
        if (IsEndless || call.Answers.Count < needs.Length)
        {
            return ValueTask.FromResult<ToolOutcome>(new ToolInputRequired(needs, $"state of {needs.Length}"));
        }

        if (call.Answers.FirstOrDefault(a => a.Approval is { Approved: false }) is { } denial)
        {
            return ValueTask.FromResult<ToolOutcome>(new ToolFailure(Failure.Types.Kind.Denied, $"Not allowed: {denial.Approval.Text}", "Go on without it.", Retryable: false));
        }

        Effects.Enqueue(call.Arguments.ToString());
        var said = new Dictionary<string, string>
        {
            ["said"] = string.Join("; ", call.Answers.Select(a => a.KindCase switch
            {
                InputAnswer.KindOneofCase.Approval => "approved",
                InputAnswer.KindOneofCase.Model => a.Model.Text,
                _ => a.Question.Action == QuestionAnswer.Types.Action.Accept ? a.Question.Content : a.Question.Action.ToString(),
            })),
            ["state"] = call.InputState,
        };
        return ValueTask.FromResult<ToolOutcome>(new ToolResult(JsonSerializer.SerializeToElement(said)));
    }
}
