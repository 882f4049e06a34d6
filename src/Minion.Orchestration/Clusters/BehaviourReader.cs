using Minion.Orchestration.Agents;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads <c>behaviour</c>: a name, or a mapping of one name to its options. What options must be, the behaviour says.</summary>
internal static class BehaviourReader
{
    private const string Key = "behaviour";

    public static (string Name, string Options) Read(MapReader reader, Problems problems)
    {
        if (reader.Take(Key) is not YamlMap map)
        {
            return (reader.Text(Key), "");
        }

        if (map.Entries is not [var only])
        {
            problems.Add(map, $"must be a name, or a mapping with one key, the name, such as 'behaviour: {{ pipeline: {{ … }} }}', not one with {map.Entries.Count}");
            return ("", "");
        }

        if (only.Value is not (YamlMap or YamlScalar { IsNull: true }))
        {
            problems.Add(only.Value, $"must be a mapping of options (key: value), not {only.Value.Kind}");
            return (only.Key, "");
        }

        return (only.Key, only.Value is YamlMap ? YamlJson.Convert(only.Value, reader.Resolve)!.ToJsonString() : "");
    }

    /// <summary>Where the file has what the definition holds in <paramref name="field"/>.</summary>
    public static string Place(string field, string behaviour) =>
        field == BehaviourOptions.Field ? $"{Key}.{behaviour}"
        : field.StartsWith(BehaviourOptions.Field + ".", StringComparison.Ordinal) ? $"{Key}.{behaviour}{field[BehaviourOptions.Field.Length..]}"
        : field;
}
