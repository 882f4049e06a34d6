using System.Globalization;
using Microsoft.Extensions.Options;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>Runs JavaScript in a sandbox.</summary>
internal sealed class JavaScriptTool(Sandbox sandbox, SandboxAvailability availability, IOptions<SandboxOptions> options)
    : CodeTool(sandbox, options.Value, CodeDescription.Of("javascript", "Runs a JavaScript program in Node.js and gives what it prints and its exit code.", "code", options.Value), "code")
{
    protected override SandboxCommand Command(string code) => new(
    [
        availability.Program("node", "Install it on the machine of the tool service: apt-get install nodejs."),
        "--experimental-detect-module",
        string.Create(CultureInfo.InvariantCulture, $"--max-old-space-size={Options.MemoryMb / 2}"),
        $"{SandboxCommand.CodeFolder}/main.js",
    ])
    {
        Code = code,
        CodeName = "main.js",
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_NO_WARNINGS"] = "1" },
    };
}
