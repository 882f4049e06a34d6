using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Agents.Versions;

/// <summary>How new runs of an agent are divided among its versions, newest first. Never empty.</summary>
internal sealed record TrafficSplit(IReadOnlyList<TrafficSplit.Share> Shares)
{
    private const int MostShares = 20;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static TrafficSplit? Read(string? json) =>
        json is null ? null : new TrafficSplit(JsonSerializer.Deserialize<List<Share>>(json, Json)!);

    /// <summary>What a caller asks for; null for none. What is wrong with it goes to <paramref name="violations"/>.</summary>
    public static TrafficSplit? Read(IReadOnlyList<TrafficShare> given, Violations violations)
    {
        violations.Check(given.Count <= MostShares, "traffic", $"has {given.Count} shares; at most {MostShares} are allowed.");
        var seen = new HashSet<int>();
        foreach (var (i, share) in given.Take(MostShares).Index())
        {
            violations.Check(share.Version > 0, $"traffic[{i}].version", "must be 1 or more.");
            violations.Check(seen.Add(share.Version), $"traffic[{i}].version", $"version {share.Version} is named twice.");
            violations.Check(share.Percent is >= 0 and <= 100, $"traffic[{i}].percent", $"must be a whole number from 0 to 100, not {share.Percent}.");
        }

        var sum = given.Sum(s => (long)s.Percent);
        violations.Check(given.Count == 0 || sum == 100, "traffic", $"makes {sum} % together; it must be 100 %.");
        return given.Count == 0 ? null : new TrafficSplit([.. given.Select(s => new Share(s.Version, s.Percent)).OrderByDescending(s => s.Version)]);
    }

    public string ToJson() => JsonSerializer.Serialize(Shares, Json);

    /// <summary>Whether a conversation that began with the version stays with it.</summary>
    public bool Has(int version) => Shares.Any(s => s.Version == version);

    /// <summary>
    /// The version for <paramref name="key"/>: always the same for the same agent, key and shares. The newest versions come first on the scale, so that one
    /// whose share grows keeps those that it had.
    /// </summary>
    public int Choose(Guid agent, string key)
    {
        var place = Place(agent, key);
        foreach (var share in Shares)
        {
            if (place < share.Percent)
            {
                return share.Version;
            }

            place -= share.Percent;
        }

        return Shares[^1].Version;
    }

    public IEnumerable<TrafficShare> ToProto() => Shares.Select(s => new TrafficShare { Version = s.Version, Percent = s.Percent });

    public override string ToString() => string.Join(' ', Shares.OrderBy(s => s.Version).Select(s => $"{s.Version}={s.Percent}"));

    /// <summary>0 to 99, evenly; another for each agent, so that one session is not in the same share of all of them.</summary>
    private static int Place(Guid agent, string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{agent:N} {key}"));
        return (int)((BinaryPrimitives.ReadUInt64BigEndian(hash) * (UInt128)100) >> 64);
    }

    internal readonly record struct Share(int Version, int Percent);
}
