using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Callers;

/// <summary>
/// One client's key: <c>Authentication:Keys:N</c> with <c>Name</c>, <c>Key</c> or <c>KeyHash</c> (SHA-256 in hex), and optionally
/// <c>Tenant</c> (default: <c>default</c>), <c>User</c> (default: the name) and <c>Permissions</c> (default: none).
/// </summary>
internal static class ClientKey
{
    public const string Section = "Authentication:Keys";

    private const int LongestName = 63;
    private static readonly string[] Settings = ["Name", "Key", "KeyHash", "Tenant", "User", "Permissions"];
    private static readonly SearchValues<char> TenantCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static KeyHolder? Read(IConfigurationSection client, Violations wrong)
    {
        foreach (var unknown in client.GetChildren().Select(c => c.Key).Where(k => !Settings.Contains(k, StringComparer.OrdinalIgnoreCase)))
        {
            wrong.Add($"{client.Path}:{unknown}", $"is unknown; a key has {string.Join(", ", Settings)}.");
        }

        var name = client["Name"]?.Trim() ?? "";
        wrong.Check(IsName(name), $"{client.Path}:Name", $"must have 1 to {LongestName} printable characters: whom the key is for.");
        var user = client["User"] is { Length: > 0 } given ? given.Trim() : name;
        wrong.Check(user == name || IsName(user), $"{client.Path}:User", $"must have 1 to {LongestName} printable characters.");
        var tenant = client["Tenant"] is { Length: > 0 } other ? other : Caller.DefaultTenant;
        wrong.Check(
            tenant.Length <= LongestName && !tenant.AsSpan().ContainsAnyExcept(TenantCharacters),
            $"{client.Path}:Tenant", $"must have 1 to {LongestName} lower-case letters, digits and hyphens.");
        string[] permissions = [.. client.GetSection("Permissions").GetChildren().Select(p => p.Value).OfType<string>().Where(p => p.Length > 0)];
        return ReadHash(client, wrong) is { } hash ? new KeyHolder(name.Length > 0 ? name : client.Path, hash, new Caller(tenant, $"user:{user}", permissions)) : null;
    }

    private static byte[]? ReadHash(IConfigurationSection client, Violations wrong)
    {
        var (key, hash) = (client["Key"]?.Trim() ?? "", client["KeyHash"]?.Trim() ?? "");
        if (!wrong.Check((key.Length > 0) != (hash.Length > 0), client.Path, "needs either Key or KeyHash (its SHA-256 in hex)."))
        {
            return null;
        }

        if (key.Length > 0)
        {
            ApiKeys.CheckLength(key, $"{client.Path}:Key", wrong);
            return ApiKeys.Hash(key);
        }

        var bytes = new byte[SHA256.HashSizeInBytes];
        var isHash = hash.Length == 2 * bytes.Length && Convert.FromHexString(hash, bytes, out _, out _) == OperationStatus.Done;
        return wrong.Check(isHash, $"{client.Path}:KeyHash", $"must be a SHA-256 in hex, {2 * bytes.Length} digits.") ? bytes : null;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.Any(char.IsControl);
}
