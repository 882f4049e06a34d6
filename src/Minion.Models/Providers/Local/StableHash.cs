namespace Minion.Models.Providers.Local;

/// <summary>
/// The same hash on every machine and in every process: FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/), finished as
/// in MurmurHash3 (https://github.com/aappleby/smhasher/wiki/MurmurHash3), because FNV's own high bits are uneven for short texts.
/// </summary>
internal static class StableHash
{
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * 1099511628211UL);
        }

        hash ^= hash >> 33;
        hash = unchecked(hash * 0xff51afd7ed558ccdUL);
        hash ^= hash >> 33;
        hash = unchecked(hash * 0xc4ceb9fe1a85ec53UL);
        return hash ^ (hash >> 33);
    }
}
