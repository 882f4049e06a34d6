using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>What the tools that run code have in common.</summary>
internal static class CodeDescription
{
    /// <summary>Characters of code.</summary>
    public const int LongestCode = 200_000;

    /// <summary>A description.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="purpose">What the model reads first.</param>
    /// <param name="argument">Name of the argument with the code.</param>
    /// <param name="options">Limits, which the model is told.</param>
    public static ToolDescription Of(string name, string purpose, string argument, SandboxOptions options) => new()
    {
        Name = name,
        Version = "1.0",
        Category = "code",
        Description =
            $"{purpose} It runs in a sandbox: {Network(options)}, a home folder of {options.HomeMb} MiB that is also the working folder, {options.MemoryMb} MiB of memory. Files in the home folder are kept between the calls of a session. Print what you want to know.",
        InputSchema = $$"""
            {
              "type": "object",
              "properties": {
                "{{argument}}": { "type": "string", "minLength": 1, "maxLength": {{LongestCode}} },
                "stdin": { "type": "string", "maxLength": 1000000 },
                "files": {
                  "type": "array",
                  "maxItems": 50,
                  "items": {
                    "type": "object",
                    "properties": {
                      "path": { "type": "string", "minLength": 1, "maxLength": 250, "pattern": "^[^\\u0000-\\u001f]+$" },
                      "text": { "type": "string", "maxLength": 1000000 },
                      "base64": { "type": "string", "maxLength": 1400000 }
                    },
                    "required": ["path"],
                    "additionalProperties": false
                  }
                },
                "return_files": { "type": "array", "maxItems": 50, "items": { "type": "string", "minLength": 1, "maxLength": 250 } },
                "timeout_seconds": { "type": "integer", "minimum": 1, "maximum": {{options.LongestTimeoutSeconds}} }
              },
              "required": ["{{argument}}"],
              "additionalProperties": false
            }
            """,
        OutputSchema =
            """
            {
              "type": "object",
              "properties": {
                "ended": { "enum": ["exited", "timed_out", "out_of_memory", "out_of_cpu", "too_much_output", "too_many_files"] },
                "exit_code": { "type": ["integer", "null"] },
                "stdout": { "type": "string" },
                "stderr": { "type": "string" },
                "cut": { "type": "boolean" },
                "note": { "type": "string" },
                "files": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": { "path": { "type": "string" }, "size": { "type": "integer" }, "text": { "type": "string" }, "base64": { "type": "string" } },
                    "required": ["path", "size"]
                  }
                }
              },
              "required": ["ended", "exit_code", "stdout", "stderr", "cut", "files"],
              "additionalProperties": false
            }
            """,

        // Without network nothing outside the home folder changes, and a home folder stays as it was when a call does not end.
        Policy = new ToolPolicy(options.AllowedHosts.Count == 0 ? Effect.Idempotent : Effect.SideEffect)
        {
            Timeout = TimeSpan.FromSeconds(options.LongestTimeoutSeconds + 30),
            Concurrency = options.Concurrent,
            Permissions = [$"tools:{name}"],
            ResultLimit = 512 * 1024,
        },
    };

    private static string Network(SandboxOptions options) => options.AllowedHosts.Count == 0
        ? "no network"
        : $"network only to {string.Join(", ", options.AllowedHosts.Take(20))} through the proxy that the environment names";
}
