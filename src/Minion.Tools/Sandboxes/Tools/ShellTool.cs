using Microsoft.Extensions.Options;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>Runs shell commands in a sandbox.</summary>
internal sealed class ShellTool(Sandbox sandbox, SandboxAvailability availability, IOptions<SandboxOptions> options)
    : CodeTool(sandbox, options.Value, CodeDescription.Of("shell", "Runs a shell command or script (bash) and gives its output and exit code.", "command", options.Value), "command")
{
    protected override SandboxCommand Command(string code) => new([availability.Program("bash", "Install bash."), $"{SandboxCommand.CodeFolder}/main.sh"])
    {
        Code = code,
        CodeName = "main.sh",
    };
}
