using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Callers;

/// <summary>
/// The keys that open the server to other machines: the owner's (<c>Authentication:ApiKey</c>, or MINION_API_KEY), and those of single
/// clients (<c>Authentication:Keys</c>). Only their hashes are kept.
/// </summary>
public sealed class ApiKeys
{
    /// <summary>The fewest characters of a key.</summary>
    public const int ShortestKey = 16;

    private const string OwnerKey = "Authentication:ApiKey";
    private const string OwnerVariable = "MINION_API_KEY";

    private readonly KeyHolder[] _holders;

    internal ApiKeys(params KeyHolder[] holders) => _holders = holders;

    /// <summary>Who holds the owner's key, or sits at a machine without keys, may do everything in the default tenant.</summary>
    internal static Caller Owner { get; } = new(Caller.DefaultTenant, "user:owner", ["*"]);

    /// <summary>Whether there is one at all.</summary>
    public bool Any => _holders.Length > 0;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="Fault">Names everything that is wrong.</exception>
    public static ApiKeys Read(IConfiguration configuration)
    {
        var wrong = new Violations();
        var keys = Read(configuration, wrong);
        return wrong.Fields.Count == 0 ? keys : throw new Fault(
            Grpc.Core.StatusCode.InvalidArgument,
            "USAGE",
            string.Join("\n", wrong.Fields.Select(field => $"{field.Field} {field.Message}")),
            "A good key is the output of: openssl rand -base64 32");
    }

    /// <summary>Reads the settings; notes what is wrong in <paramref name="wrong"/>, never with a key in it.</summary>
    public static ApiKeys Read(IConfiguration configuration, Violations wrong)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(wrong);
        var holders = new List<KeyHolder>();
        var (setting, key) = configuration[OwnerKey] is { Length: > 0 } configured ? (OwnerKey, configured) : (OwnerVariable, configuration[OwnerVariable]);
        if (!string.IsNullOrWhiteSpace(key))
        {
            CheckLength(key.Trim(), setting, wrong);
            holders.Add(new KeyHolder("the owner", Hash(key.Trim()), Owner));
        }

        holders.AddRange(configuration.GetSection(ClientKey.Section).GetChildren().Select(client => ClientKey.Read(client, wrong)).OfType<KeyHolder>());
        CheckDifferent(holders, wrong);
        return new ApiKeys([.. holders]);
    }

    /// <summary>Who holds the key. All are compared, each in the same time whatever it is.</summary>
    internal Caller? HolderOf(string key)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        HashTo(key, given);
        Caller? found = null;
        foreach (var holder in _holders)
        {
            if (CryptographicOperations.FixedTimeEquals(given, holder.Hash))
            {
                found = holder.Caller;
            }
        }

        return found;
    }

    /// <summary>Comparing hashes takes the same time whatever the lengths.</summary>
    internal static byte[] Hash(string key)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        HashTo(key, hash);
        return hash;
    }

    internal static void CheckLength(string key, string setting, Violations wrong) => wrong.Check(
        key.Length >= ShortestKey, setting, $"has a key of {key.Length} characters; it needs at least {ShortestKey}.");

    private static void HashTo(string key, Span<byte> hash) => SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);

    private static void CheckDifferent(List<KeyHolder> holders, Violations wrong)
    {
        foreach (var same in holders.GroupBy(holder => Convert.ToHexString(holder.Hash)).Where(group => group.Count() > 1))
        {
            wrong.Add(ClientKey.Section, $"has the same key for {string.Join(" and ", same.Select(holder => holder.Name))}; each needs its own.");
        }

        foreach (var name in holders.GroupBy(holder => holder.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            wrong.Add(ClientKey.Section, $"has two clients of the name {name}.");
        }
    }
}

/// <summary>Whom a key makes its bearer.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Hash">SHA-256 of the key.</param>
/// <param name="Caller">Who calls with it.</param>
internal sealed record KeyHolder(string Name, byte[] Hash, Caller Caller);
