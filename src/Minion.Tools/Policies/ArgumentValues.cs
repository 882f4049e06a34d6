using System.Text.Json;

namespace Minion.Tools.Policies;

/// <summary>Finds the values that an argument's name means.</summary>
internal static class ArgumentValues
{
    /// <summary>Where the tool knows no argument of this name: the hosts of all addresses among the arguments.</summary>
    public const string Host = "host";

    private const int MostValues = 1000;

    /// <summary>The values: those in lists one by one; empty when there is none.</summary>
    /// <param name="facts">The arguments.</param>
    /// <param name="name">Members of objects after dots.</param>
    public static IReadOnlyList<JsonElement> Find(Facts facts, string name)
    {
        var found = new List<JsonElement>();
        Collect(facts.Arguments, name.Split('.'), 0, found);
        if (name == Host && (found.Count == 0 || !facts.KnowsHost))
        {
            Addresses(facts.Arguments, found);
        }

        return found;
    }

    private static void Collect(JsonElement value, string[] names, int depth, List<JsonElement> found)
    {
        if (found.Count >= MostValues)
        {
            // Nobody looks at the rest, so that it cannot be decided.
            found.Add(default);
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (found.Count > MostValues)
                {
                    return;
                }

                Collect(item, names, depth, found);
            }
        }
        else if (depth == names.Length)
        {
            found.Add(value);
        }
        else if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(names[depth], out var member))
        {
            Collect(member, names, depth + 1, found);
        }
    }

    private static void Addresses(JsonElement value, List<JsonElement> found)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Addresses(item, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                Addresses(member.Value, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.String && value.GetString()!.Contains("://", StringComparison.Ordinal) && found.Count < MostValues)
        {
            found.Add(value);
        }
    }
}
