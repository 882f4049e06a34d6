using System.ComponentModel;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.McpConformance.Tools;

/// <summary>Tools that say something while they work.</summary>
[McpServerToolType]
internal sealed partial class TalkingTools
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [McpServerTool(Name = "test_tool_with_logging"), Description("Writes three log messages.")]
    public static async Task<string> LogsAsync(RequestContext<CallToolRequestParams> request, TimeProvider time, CancellationToken cancellationToken)
    {
        var logger = request.Server.AsClientLoggerProvider().CreateLogger("test_tool_with_logging");
        Say(logger, "Tool execution started");
        await Task.Delay(Pause, time, cancellationToken);
        Say(logger, "Tool processing data");
        await Task.Delay(Pause, time, cancellationToken);
        Say(logger, "Tool execution completed");
        return "Three messages were logged.";
    }

    [McpServerTool(Name = "test_tool_with_progress"), Description("Reports its progress.")]
    public static async Task<string> ReportsAsync(RequestContext<CallToolRequestParams> request, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var done in new[] { 0, 50, 100 })
        {
            if (request.Params?.ProgressToken is { } token)
            {
                await request.Server.NotifyProgressAsync(
                    token, new ProgressNotificationValue { Progress = done, Total = 100, Message = $"{done} of 100" }, cancellationToken: cancellationToken);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return "Done.";
    }

    [LoggerMessage(1, LogLevel.Information, "{Text}")]
    private static partial void Say(ILogger logger, string text);
}
