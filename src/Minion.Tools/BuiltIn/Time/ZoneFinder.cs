namespace Minion.Tools.BuiltIn.Time;

/// <summary>Finds the time zone of a place: an IANA name, the last part of one, or what <see cref="Places"/> lists.</summary>
internal sealed class ZoneFinder
{
    private readonly Lazy<Dictionary<string, string>> _zones = new(Read);

    /// <summary>The zone, or null and up to three places that may have been meant.</summary>
    public TimeZoneInfo? Find(string place, out IReadOnlyList<string> nearest)
    {
        nearest = [];
        if (ByIanaName(place.Trim()) is { } direct)
        {
            return direct;
        }

        foreach (var name in Spellings(place))
        {
            if (_zones.Value.TryGetValue(name, out var zone) && ByIanaName(zone) is { } found)
            {
                return found;
            }
        }

        nearest = [.. Nearest.To(Names.Normalize(place), _zones.Value.Keys, count: 6)
            .Select(Title).Distinct(StringComparer.Ordinal).Take(3)];
        return null;
    }

    /// <summary>The whole name, then what stands before the first comma: "Paris, France".</summary>
    private static IEnumerable<string> Spellings(string place)
    {
        yield return Names.Normalize(place);
        yield return Names.Normalize(place.Split(',')[0]);
        yield return Names.Normalize(place.Split('/')[^1]);
    }

    private static TimeZoneInfo? ByIanaName(string name)
    {
        // The name becomes part of a path on some systems.
        var isName = name.Length is > 0 and <= 64
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && char.IsAsciiLetter(name[0]);
        return isName && (name.Contains('/', StringComparison.Ordinal) || name == "UTC") && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }

    private static Dictionary<string, string> Read()
    {
        var zones = new Dictionary<string, string>(Places.Zones, StringComparer.Ordinal);
        foreach (var id in TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id.Contains('/', StringComparison.Ordinal)))
        {
            zones.TryAdd(Names.Normalize(id), id);
            zones.TryAdd(Names.Normalize(id.Split('/')[^1]), id);
        }

        return zones;
    }

    private static string Title(string name) =>
        string.Join(' ', name.Split(' ').Select(word => word.Length > 1 ? char.ToUpperInvariant(word[0]) + word[1..] : word));
}
