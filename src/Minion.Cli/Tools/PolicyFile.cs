using System.Text.Json;
using Google.Protobuf;
using Minion.Cli.Output;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Tools;

/// <summary>A policy in a file: the policy alone, or as <c>minion tools policies show -o json</c> writes it.</summary>
internal static class PolicyFile
{
    private const int Largest = 1024 * 1024;

    public static async Task<ToolPolicy> ReadAsync(Terminal terminal, string file, CancellationToken cancellation)
    {
        if (file != "-" && !File.Exists(file))
        {
            throw new CliFailure(ExitCodes.Failed, "not_found", $"There is no file '{file}'.", "Give a file that is here, or - for standard input.");
        }

        if (file != "-" && new FileInfo(file).Length > Largest)
        {
            throw new CliFailure(ExitCodes.Failed, "too_large", $"'{file}' has more than {Largest} bytes.", "A policy is a small JSON object.");
        }

        return Parse(file == "-" ? await terminal.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(file, cancellation));
    }

    /// <exception cref="CliFailure">It is no policy; says why.</exception>
    public static ToolPolicy Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var policy = document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("policy", out var named) ? named : document.RootElement;
            return JsonParser.Default.Parse<ToolPolicy>(policy.GetRawText());
        }
        catch (Exception exception) when (exception is JsonException or InvalidJsonException or InvalidProtocolBufferException)
        {
            throw new CliFailure(
                ExitCodes.Failed, "no_policy", $"That is no policy: {exception.Message}", "minion tools policies show NAME -o json writes one as it is to be; its keys are those of ToolPolicy in registry.proto.");
        }
    }
}
