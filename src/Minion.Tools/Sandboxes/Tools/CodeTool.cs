using Minion.Tools.Sandboxes.Homes;
using Minion.Tools.Sandboxes.Network;
using Minion.Tools.Sandboxes.Output;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>A tool that runs code in a sandbox.</summary>
internal abstract class CodeTool(Sandbox sandbox, SandboxOptions options, ToolDescription description, string argument) : ITool
{
    public ToolDescription Description { get; } = description;

    /// <summary>The limits.</summary>
    protected SandboxOptions Options { get; } = options;

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var command = WithProxy(Command(call.Arguments.GetProperty(argument).GetString()!));
            if (CodeArguments.Read(call.Arguments, ref command) is { } wrong)
            {
                return wrong;
            }

            var lines = call.Progress is { } progress ? new OutputLines(progress) : null;
            var result = await sandbox.RunAsync(command with { Key = call.IdempotencyKey, Output = lines is null ? null : lines.Add }, HomeKey.Of(call), cancellationToken);
            lines?.End();
            return ToolOutcome.Result(CodeResult.Of(result, command, Options), CodeJson.Readable.CodeResult);
        }
        catch (SandboxUnavailableException exception)
        {
            return ToolOutcome.Failed(exception.Message, exception.Hint);
        }
    }

    /// <summary>The command that runs the code.</summary>
    /// <exception cref="SandboxUnavailableException">What it needs is not installed.</exception>
    protected abstract SandboxCommand Command(string code);

    private SandboxCommand WithProxy(SandboxCommand command) => Options.AllowedHosts.Count == 0 ? command : command with
    {
        Environment = new Dictionary<string, string>(command.Environment, StringComparer.Ordinal)
        {
            ["http_proxy"] = Forwarder.Url,
            ["https_proxy"] = Forwarder.Url,
            ["HTTP_PROXY"] = Forwarder.Url,
            ["HTTPS_PROXY"] = Forwarder.Url,
            ["NODE_USE_ENV_PROXY"] = "1",
        },
    };
}
