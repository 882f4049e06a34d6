using Microsoft.Extensions.Options;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>Runs Python in a sandbox.</summary>
internal sealed class PythonTool(Sandbox sandbox, SandboxAvailability availability, IOptions<SandboxOptions> options)
    : CodeTool(sandbox, options.Value, CodeDescription.Of("python", "Runs a Python 3 program and gives what it prints and its exit code.", "code", options.Value), "code")
{
    protected override SandboxCommand Command(string code) =>
        new([availability.Program("python3", "Install it on the machine of the tool service: apt-get install python3."), $"{SandboxCommand.CodeFolder}/main.py"])
        {
            Code = code,
            CodeName = "main.py",
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PYTHONPATH"] = SandboxCommand.Home,
                ["PYTHONDONTWRITEBYTECODE"] = "1",
                ["PYTHONUNBUFFERED"] = "1",
            },
        };
}
