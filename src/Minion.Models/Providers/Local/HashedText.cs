namespace Minion.Models.Providers.Local;

/// <summary>
/// A text as a vector: the stems of its words and the character n-grams of its words, each hashed to a dimension and a sign (feature hashing, Weinberger
/// et al. 2009, https://arxiv.org/abs/0902.2206), weighted 1 + ln of how often it occurs (sublinear term frequency, Manning, Raghavan and
/// Schütze 2008, section 6.4.1), scaled to the length 1. The n-grams, with marks where a word begins and ends (Bojanowski et al. 2017,
/// https://arxiv.org/abs/1607.04606), make inflected and misspelt words alike. The same text gives the same vector on every machine.
/// </summary>
internal static class HashedText
{
    /// <summary>The model's name; changes with anything that changes the vectors.</summary>
    public const string Name = "hashed-text-2";

    /// <summary>The length of a vector unless another is asked for.</summary>
    public const int Dimensions = 512;

    private const int ShortestGram = 3;
    private const int LongestGram = 4;

    /// <summary>What all n-grams of a word weigh together, beside the word's own 1.</summary>
    private const float Grams = 1f;

    /// <summary>What a stop word weighs, beside 1 for another: measured on pairs of sentences, see docs/cache.md.</summary>
    private const float StopWord = 0.2f;

    /// <summary>The vector of a text, of length 1; all zero for a text without letters and digits.</summary>
    public static float[] Embed(string text, int dimensions = Dimensions)
    {
        var features = new Dictionary<ulong, (int Count, float Weight)>();
        foreach (var word in Words.Of(text))
        {
            AddWord(features, word);
        }

        var vector = new float[dimensions];
        foreach (var (hash, (count, weight)) in features)
        {
            var value = weight * (1 + MathF.Log(count));
            vector[(int)(hash % (ulong)dimensions)] += (hash >> 63) == 0 ? value : -value;
        }

        ScaleToOne(vector);
        return vector;
    }

    private static void ScaleToOne(float[] vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        if (squares > 0)
        {
            var scale = (float)(1 / Math.Sqrt(squares));
            for (var i = 0; i < vector.Length; i++)
            {
                vector[i] *= scale;
            }
        }
    }

    private static void AddWord(Dictionary<ulong, (int Count, float Weight)> features, string word)
    {
        var importance = StopWords.Contains(word) ? StopWord : 1;
        ReadOnlySpan<char> marked = $"<{word}>";
        Add(features, StableHash.Of($"={Stem.Of(word)}"), importance);
        var grams = 0;
        for (var size = ShortestGram; size <= LongestGram; size++)
        {
            grams += Math.Max(0, marked.Length - size);
        }

        // The square root, because it is the squares that add up in the length of the vector.
        var weight = grams == 0 ? 0 : importance * MathF.Sqrt(Grams / grams);
        for (var size = ShortestGram; size <= LongestGram; size++)
        {
            // The gram that is the whole word is there already.
            for (var start = 0; start + size <= marked.Length && size < marked.Length; start++)
            {
                Add(features, StableHash.Of(marked.Slice(start, size)), weight);
            }
        }
    }

    private static void Add(Dictionary<ulong, (int Count, float Weight)> features, ulong hash, float weight)
    {
        var (count, heaviest) = features.GetValueOrDefault(hash);
        features[hash] = (count + 1, Math.Max(heaviest, weight));
    }
}
