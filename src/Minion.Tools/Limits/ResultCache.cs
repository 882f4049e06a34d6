using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Minion.Tools.Execution;
using Minion.Tools.Registry;

namespace Minion.Tools.Limits;

/// <summary>
/// Results of tools that only read, for the same call of the same caller in the same session, in this process. Bounded by bytes; what was not used
/// for longest goes first.
/// </summary>
internal sealed class ResultCache(IOptions<ResultOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    /// <summary>What one call is the same as.</summary>
    public static string Key(RegisteredTool tool, ToolRequest request, JsonElement arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (caller, origin) = (request.Caller, request.Origin.Proven);
        foreach (var part in new[] { caller.Tenant, caller.Principal, origin.Agent, origin.Session, tool.Description.Name, tool.Description.Version, tool.Source, JsonSerializer.Serialize(arguments, ExecutionJson.Readable.JsonElement) })
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }

        hash.AppendData(tool.Hash);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public ToolReport? Find(string key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            if (time.GetElapsedTime(node.Value.At) >= node.Value.GoodFor)
            {
                _entries.Remove(key);
                _bytes -= node.Value.Bytes;
                return null;
            }

            _byUse.AddFirst(node);
            return node.Value.Report;
        }
    }

    public void Keep(string key, ToolReport report, TimeSpan goodFor)
    {
        var entry = new Entry(key, report, (report.Json.Length + report.Whole.Length + 512L) * sizeof(char), time.GetTimestamp(), goodFor);
        if (entry.Bytes > options.Value.CacheBytes)
        {
            return;
        }

        lock (_lock)
        {
            if (_entries.Remove(key, out var before))
            {
                _byUse.Remove(before);
                _bytes -= before.Value.Bytes;
            }

            _entries[key] = _byUse.AddFirst(entry);
            _bytes += entry.Bytes;
            while (_bytes > options.Value.CacheBytes && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _entries.Remove(last.Value.Key);
                _bytes -= last.Value.Bytes;
            }
        }
    }

    private sealed record Entry(string Key, ToolReport Report, long Bytes, long At, TimeSpan GoodFor);
}
