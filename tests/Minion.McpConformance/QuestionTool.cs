using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools;

namespace Minion.McpConformance;

/// <summary>A tool of Minion that needs something said first: a text, a form, a model's words or an approval.</summary>
internal sealed class QuestionTool : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = "ask_first",
        Version = "1.0",
        Description = "Asks something before it answers.",
        InputSchema = """{"type":"object","properties":{"kind":{"enum":["text","form","model","approval"]}},"required":["kind"],"additionalProperties":false}""",
        OutputSchema = """{"type":"object","properties":{"said":{"type":"string"},"key":{"type":"string"},"state":{"type":"string"}}}""",
        Policy = new Minion.Tools.ToolPolicy(Effect.Idempotent),
    };

    public ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var kind = call.Arguments.GetProperty("kind").GetString();
        return ValueTask.FromResult<ToolOutcome>(call.Answers is [var answer] ? Answered(call, answer) : new ToolInputRequired([Request(kind!)], $"state of {kind}"));
    }

    private static InputRequest Request(string kind) => kind switch
    {
        "approval" => new InputRequest { Id = "q", Approval = new ApprovalRequest { Reason = "It matters." } },
        "model" => new InputRequest { Id = "q", Model = new ModelRequest { Messages = { new ModelMessage { Role = "user", Text = "Say a word." } } } },
        "form" => new InputRequest
        {
            Id = "q",
            Question = new QuestionRequest { Message = "Which one?", Schema = """{"type":"object","properties":{"colour":{"type":"string"},"many":{"type":"integer"}},"required":["colour"]}""" },
        },
        _ => new InputRequest { Id = "q", Question = new QuestionRequest { Message = "Which colour?" } },
    };

    private static ToolResult Answered(ToolCall call, InputAnswer answer)
    {
        var said = answer.KindCase == InputAnswer.KindOneofCase.Model ? answer.Model.Text : $"{answer.Question.Action}: {answer.Question.Content}";
        return new ToolResult(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["said"] = said, ["key"] = call.IdempotencyKey, ["state"] = call.InputState }));
    }
}
