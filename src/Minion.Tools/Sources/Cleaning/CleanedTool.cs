using System.Text.Json;
using Google.Protobuf;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Sources.Cleaning;

/// <summary>A tool of a source, without the secrets that the source sends.</summary>
internal sealed class CleanedTool(ITool tool, SentSecrets sent, Cleaner cleaner) : ITool
{
    public ToolDescription Description { get; } = tool.Description with
    {
        Description = cleaner.Clean(tool.Description.Description),
        InputSchema = Json(tool.Description.InputSchema, cleaner),
        OutputSchema = Json(tool.Description.OutputSchema, cleaner),
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            // What was sent is known best afterwards: a token may have been renewed in the call.
            var progress = call.Progress is { } lines ? new CleanedProgress(lines, sent) : null;
            var outcome = await tool.InvokeAsync(call with { Progress = progress }, cancellationToken);
            return Clean(outcome, sent.Cleaner());
        }
        catch (ToolSourceException exception)
        {
            throw new ToolSourceException(sent.Clean(exception.Message), exception.InnerException);
        }
    }

    private static ToolOutcome Clean(ToolOutcome outcome, Cleaner cleaner) => outcome switch
    {
        ToolResult result => result with { Value = cleaner.Clean(result.Value) },
        ToolFailure failure => failure with { Message = cleaner.Clean(failure.Message), Hint = cleaner.Clean(failure.Hint) },
        ToolInputRequired required => required with { Requests = [.. required.Requests.Select(request => Clean(request, cleaner))] },
        _ => outcome,
    };

    private static InputRequest Clean(InputRequest request, Cleaner cleaner)
    {
        var text = JsonFormatter.Default.Format(request);
        var clean = Json(text, cleaner);
        return ReferenceEquals(clean, text) ? request : InputRequest.Parser.ParseJson(clean);
    }

    private static string Json(string text, Cleaner cleaner)
    {
        try
        {
            var value = JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = 1000 });
            var clean = cleaner.Clean(value);
            return clean.GetRawText() == value.GetRawText() ? text : clean.GetRawText();
        }
        catch (JsonException)
        {
            return cleaner.Clean(text);
        }
    }
}
