using Minion.Models.Routing;

namespace RouteTraining;

/// <summary>A prompt with what a weak and a strong model made of it.</summary>
/// <param name="Set">The set it is of.</param>
/// <param name="Group">Its subject; the set where there are no subjects.</param>
/// <param name="Index">Its place in the set.</param>
/// <param name="Prompt">The text.</param>
/// <param name="Gain">What sending it to the strong model gains: 1, 0 or -1 right answers.</param>
internal sealed record Item(string Set, string Group, int Index, string Prompt, int Gain)
{
    /// <summary>The classifier's numbers of the text.</summary>
    public float[] Dense { get; private init; } = [];

    /// <summary>The classifier's words of the text.</summary>
    public ushort[] Words { get; private init; } = [];

    /// <summary>The text as the classifier read it.</summary>
    public TextFeatures Text { get; private init; }

    public static Item Read(string set, string group, int index, string prompt, int gain)
    {
        var words = new WordHashes(new ushort[WordHashes.Most], new ulong[WordHashes.Buckets / 64]);
        var text = TextFeatures.Read(prompt, ref words);
        var dense = new float[TextFeatures.Count];
        text.Write(dense);
        return new Item(set, group, index, prompt, gain) { Dense = dense, Words = words.Found.ToArray(), Text = text };
    }
}
