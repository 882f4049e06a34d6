using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Minion.Tools.Execution;
using Minion.Tools.Registry;

namespace Minion.Tools.Idempotency;

/// <summary>What makes a call the same as another: who calls which tool with which key, and what it must have in common with it.</summary>
/// <param name="Tenant">Keys of one tenant mean nothing to another.</param>
/// <param name="Key">SHA-256 over who calls, whether a run does, which tool and the key.</param>
/// <param name="ArgumentsHash">SHA-256 over the arguments as they were mended.</param>
internal sealed record CallIdentity(string Tenant, byte[] Key, byte[] ArgumentsHash)
{
    /// <summary>Names the call within this process.</summary>
    public string Name { get; } = $"{Tenant}/{Convert.ToHexString(Key)}";

    public static CallIdentity Of(ToolRequest request, RegisteredTool tool, JsonElement arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // A client cannot take the key of a run's call, whatever it claims to be; one that comes through another service has no run.
        foreach (var part in new[] { request.Origin is { FromRun: true, RunId: not null } ? "run" : "direct", request.Caller.Principal, tool.Description.Name, request.IdempotencyKey })
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }

        return new CallIdentity(request.Caller.Tenant, hash.GetHashAndReset(), SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(arguments, ExecutionJson.Readable.JsonElement))));
    }
}
