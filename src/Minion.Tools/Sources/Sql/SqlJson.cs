using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Tools.Sources.Sql;

/// <summary>What the tool that describes a database gives.</summary>
internal sealed record SqlTables(IReadOnlyList<JsonElement> Tables, bool Truncated);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SqlTables))]
internal sealed partial class SqlJson : JsonSerializerContext;
