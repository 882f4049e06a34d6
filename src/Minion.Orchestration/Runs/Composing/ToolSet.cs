using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Minion.Models;

namespace Minion.Orchestration.Runs.Composing;

/// <summary>A tool as the model is told of it, and whether calling it changes something.</summary>
internal sealed record ToolDescription(string Name, string Version, string Description, JsonElement InputSchema, ToolEffect Effect);

/// <summary>What calling a tool does; decides whether an intent is written and what a crash leaves to decide.</summary>
internal enum ToolEffect
{
    ReadOnly,
    Idempotent,
    SideEffect,
}

/// <summary>The tools that a run offers to its model: fixed when the run begins, referred to by hash in its journal.</summary>
internal sealed class ToolSet
{
    private readonly Dictionary<string, ToolDescription> _byName;

    public ToolSet(IReadOnlyList<ToolDescription> tools)
        : this(tools, hash: null)
    {
    }

    private ToolSet(IReadOnlyList<ToolDescription> tools, byte[]? hash)
    {
        Tools = [.. tools.OrderBy(t => t.Name, StringComparer.Ordinal)];
        _byName = Tools.ToDictionary(t => t.Name);
        Json = JsonSerializer.Serialize(new StoredToolSet(1, Tools), ToolSetJsonContext.Default.StoredToolSet);
        HashBytes = hash ?? SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Json));
        Hash = Convert.ToHexStringLower(HashBytes);
        Declarations = [.. Tools.Select(t => ToolEffects.Declare(AIFunctionFactory.CreateDeclaration(t.Name, t.Description, t.InputSchema), t.Effect == ToolEffect.SideEffect))];
    }

    public static ToolSet Empty { get; } = new([]);

    public IReadOnlyList<ToolDescription> Tools { get; }

    /// <summary>As it is stored under its hash.</summary>
    public string Json { get; }

    public byte[] HashBytes { get; }

    /// <summary>SHA-256 over <see cref="Json"/> as the set was first stored, in hex.</summary>
    public string Hash { get; }

    public IReadOnlyList<AITool> Declarations { get; }

    public ToolDescription? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a stored set. It keeps the hash that journals refer to: the database does not keep the order in which a schema was written.</summary>
    public static ToolSet Parse(string json, string hash) =>
        new(JsonSerializer.Deserialize(json, ToolSetJsonContext.Default.StoredToolSet)!.Tools, Convert.FromHexString(hash));
}

internal sealed record StoredToolSet(int V, IReadOnlyList<ToolDescription> Tools);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredToolSet))]
internal sealed partial class ToolSetJsonContext : JsonSerializerContext;
