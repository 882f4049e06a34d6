namespace Minion.Models.Routing;

/// <summary>
/// The different words of a text and the pairs of words that follow each other, each as a bucket of a small table ("hashing trick",
/// Weinberger et al. 2009). It keeps the first <see cref="Most"/>.
/// </summary>
internal ref struct WordHashes
{
    /// <summary>The number of buckets; a power of two.</summary>
    public const int Buckets = 1 << 14;

    /// <summary>So many different buckets of one text count.</summary>
    public const int Most = 512;

    private readonly Span<ushort> _found;
    private readonly Span<ulong> _seen;
    private uint _before;

    /// <summary>Makes one.</summary>
    /// <param name="found">Takes the buckets; <see cref="Most"/> long.</param>
    /// <param name="seen">One bit for each bucket, zero.</param>
    public WordHashes(Span<ushort> found, Span<ulong> seen)
    {
        _found = found;
        _seen = seen;
    }

    /// <summary>The buckets of the text, each once.</summary>
    public readonly ReadOnlySpan<ushort> Found => _found[..Length];

    private int Length { get; set; }

    public void Add(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var c in word[..Math.Min(word.Length, 24)])
        {
            hash = (hash ^ char.ToLowerInvariant(c)) * 16777619u;
        }

        Follow(hash);
    }

    /// <summary>Numbers count by how long they are, not by their value.</summary>
    public void AddNumber(int length) => Follow(0x9E3779B9u * (uint)Math.Min(length, 6));

    private void Follow(uint hash)
    {
        Put(hash);
        if (_before != 0)
        {
            Put((_before * 31) ^ hash);
        }

        _before = hash;
    }

    private void Put(uint hash)
    {
        hash ^= hash >> 15;
        hash *= 0x2C1B3C6Du;
        hash ^= hash >> 12;
        var bucket = (int)(hash & (Buckets - 1));
        ref var bits = ref _seen[bucket >> 6];
        if ((bits & (1UL << (bucket & 63))) == 0 && Length < Most)
        {
            bits |= 1UL << (bucket & 63);
            _found[Length++] = (ushort)bucket;
        }
    }
}
