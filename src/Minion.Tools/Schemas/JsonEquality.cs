using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>Equality of JSON values as JSON Schema has it: 1 is 1.0, and the order of members does not matter.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    public static readonly JsonEquality Instance = new();

    public bool Equals(JsonElement x, JsonElement y) => JsonElement.DeepEquals(x, y);

    public int GetHashCode(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return HashCode.Combine(value.ValueKind, value.GetString());
            case JsonValueKind.Number:
                return HashCode.Combine(value.ValueKind, value.TryGetDouble(out var number) ? number : 0);
            case JsonValueKind.Array:
                return value.EnumerateArray().Aggregate(1, (hash, item) => HashCode.Combine(hash, GetHashCode(item)));
            case JsonValueKind.Object:
                return value.EnumerateObject().Aggregate(2, (hash, member) => hash ^ HashCode.Combine(member.Name, GetHashCode(member.Value)));
            default:
                return (int)value.ValueKind;
        }
    }
}
