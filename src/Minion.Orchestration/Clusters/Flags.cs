using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads what is true or false.</summary>
internal static class Flags
{
    /// <summary>Null when it is absent or wrong.</summary>
    public static bool? Read(MapReader reader, string key, Problems problems)
    {
        var node = reader.Take(key);
        switch (node is YamlScalar scalar ? reader.Resolve(scalar) : null)
        {
            case "true":
                return true;
            case "false":
                return false;
            default:
                if (node is not null)
                {
                    problems.Add(node, "must be true or false");
                }

                return null;
        }
    }
}
