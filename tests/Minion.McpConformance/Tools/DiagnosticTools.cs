using System.ComponentModel;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.McpConformance.Tools;

/// <summary>Tools that make rules of the protocol visible that others never come near.</summary>
[McpServerToolType]
internal sealed partial class DiagnosticTools
{
    [McpServerTool(Name = "test_missing_capability"), Description("Needs a client that lets servers use its model.")]
    public static string NeedsSampling(McpServer server) => server.ClientCapabilities?.Sampling is not null
        ? "The client can."
        : throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "This tool needs the capability sampling.");

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Asks within its result, never by a request of its own.")]
    public static CallToolResult AsksInResult(RequestContext<CallToolRequestParams> request) =>
        Answers.Field(request.Params, "user_name", "name") is { } name
            ? Samples.Result($"Hello, {name}!")
            : throw Questions.Ask(("user_name", Questions.Form("What is your name?", "name")));

    [McpServerTool(Name = "test_logging_tool"), Description("Logs; clients that did not ask for it must not hear of it.")]
    public static string Logs(McpServer server)
    {
        Say(server.AsClientLoggerProvider().CreateLogger("test_logging_tool"));
        return "Logged, for whoever wants to hear.";
    }

    [LoggerMessage(1, LogLevel.Information, "The tool was called")]
    private static partial void Say(ILogger logger);
}
